/**
 * Takes the place of the global `crypto` in the function's bundle: the SDK asks it for random UUIDs only, which Node's own module
 * makes too; the global would load all of the Web Crypto API.
 */
export { default as crypto } from 'node:crypto';
