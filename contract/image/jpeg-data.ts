const restart0 = 0xd0;
const restart7 = 0xd7;

/** Whether the byte after 0xFF makes a restart marker (RST0 to RST7), which has no segment. */
export function isRestart(code: number): boolean {
  return code >= restart0 && code <= restart7;
}

/**
 * Finds the first marker after a scan's entropy-coded data. Stuffed bytes (FF 00) and restart markers belong to the data, as do fill
 * bytes (FF) before them (ITU-T T.81, B.1.1.2 and B.1.1.5).
 * @returns the position of the marker's 0xFF, or the length of the bytes if there is no marker.
 */
export function findEndOfData(bytes: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    at = bytes.indexOf(0xff, at);
    if (at === -1) return bytes.length;
    while (bytes[at] === 0xff) at++;
    const code = bytes[at];
    if (code === undefined) return bytes.length;
    if (code !== 0x00 && !isRestart(code)) return at - 1;
    at++;
  }
}
