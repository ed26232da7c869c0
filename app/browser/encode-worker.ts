import { encodePicture, type EncodedPicture } from './encode-picture';

/** What the worker posts: 0 when it runs, then the share of the work that is done, and at the end the result. */
export type WorkerMessage = number | EncodedPicture | undefined;

const post = (message: WorkerMessage): void => postMessage(message);

onmessage = ({ data }: MessageEvent<Blob | ImageBitmap>) => void encodePicture(data, post).then(post, reportError);
post(0);
