/** Computes the CRC-32 of bytes, as PNG uses it (W3C PNG, "CRC algorithm"). Node has a fast one, browsers have none. */
export type Crc32 = (bytes: Uint8Array) => number;
