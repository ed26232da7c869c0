export { checkPhoto, type CheckOptions, type FinePhoto, type PhotoCheck } from './check-photo';
export type { EncodedPicture } from './encode-picture';
export { type PreparedPhoto, preparePhoto, type PrepareOptions } from './prepare-photo';
export type { RefusedPhoto } from './refused-photo';
export { SendPhotoError } from './send-error';
export { type SendGrant, type SendOptions, sendPhoto } from './send-photo';
export type { PhotoFault, SendFault, Texts } from './texts';
