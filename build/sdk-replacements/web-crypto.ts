/**
 * Replaces the global `crypto` in the function's bundle. The SDK uses it only for random UUIDs, which `node:crypto` generates too.
 * The global would load the whole Web Crypto API.
 */
export { default as crypto } from 'node:crypto';
