import { guessFormat, signatureBytes } from '../../contract/image/image';
import { validateSize } from '../../contract/photo-rules';
import { checkContent, type FinePhoto } from './check-photo';
import type { EncodedPicture } from './encode-picture';
import { encodeInWorker } from './encode-in-worker';
import { loadImage } from './load-image';
import { refuse, type RefusedPhoto } from './refused-photo';
import type { Texts } from './texts';
import { untilAborted } from './until-aborted';

/** Options of {@link preparePhoto}. */
export interface PrepareOptions {
  /** Encode the photo even if it is fine, because it may contain a location and other metadata. Default: false. */
  readonly stripMetadata?: boolean;
  /** Opens a file that the browser can't open, for example a HEIC. */
  readonly decode?: (file: Blob) => ImageBitmap | Promise<ImageBitmap>;
  /** Called with the share of the work that is done, from 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** Ends the work. The promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Replace the texts for people. */
  readonly texts?: Texts;
}

/** The result of {@link preparePhoto}. */
export type PreparedPhoto =
  /** The photo was fine. It is the same file. */
  | (Omit<FinePhoto, 'status'> & { readonly status: 'unchanged'; readonly photo: Blob })
  /** The photo is a new JPEG. */
  | (EncodedPicture & { readonly status: 'encoded'; readonly contentType: 'image/jpeg' })
  | RefusedPhoto;

/** Larger files are not opened, because the browser would read them into memory. The largest photos of phones have about 50 MB. */
const maxFileBytes = 100_000_000;

/**
 * Larger pictures are not decoded. A decoded picture has 4 bytes per pixel, so these have 500 MB. Phones take photos of up to 108
 * megapixels, and 200 with a special setting.
 */
const maxPixels = 125_000_000;
/** Every browser decodes pictures of this size. A larger one may fail for lack of memory. */
const maxSafePixels = 16_777_216;

/**
 * Turns any picture that the browser can open into a photo that {@link checkPhoto} accepts.
 *
 * A photo that is fine is returned byte for byte. Any other one becomes a JPEG without metadata, whose longest edge has at most 2,560
 * pixels. An animated picture becomes its first frame. The work is done in a worker, so that the page stays responsive.
 */
export async function preparePhoto(file: Blob, options: PrepareOptions = {}): Promise<PreparedPhoto> {
  return untilAborted(options.signal, (end) => prepare(file, options, end));
}

/** @param end stops the work. */
async function prepare(file: Blob, options: PrepareOptions, end: AbortSignal): Promise<PreparedPhoto> {
  const { stripMetadata = false, decode, texts } = options;
  const onProgress = (share: number): void => {
    if (!end.aborted) options.onProgress?.(share);
  };
  if (file.size > maxFileBytes) return refuse('too-large', `The file has more than ${maxFileBytes} bytes`, texts);
  const checked = await checkContent(file, texts);
  const isFine = checked.status === 'fine';
  // A file of another format may be a picture that the browser can decode.
  if (!isFine && checked.reason !== 'not-jpeg-or-png') return checked;
  if (isFine && !stripMetadata && validateSize(file.size) === undefined) {
    onProgress(1);
    return { ...checked, status: 'unchanged', photo: file };
  }
  onProgress(0.1);

  const image = await loadImage(file);
  const pixels = image === undefined ? 0 : image.naturalWidth * image.naturalHeight;
  if (pixels > maxPixels) return refuse('too-many-pixels', `The picture has more than ${maxPixels} pixels`, texts);
  let failure = 'The browser can’t decode the picture';
  const pictures = [
    () => file,
    // Some formats open only as an element, for example SVG.
    () => image && createImageBitmap(image),
    () => decode?.(file),
  ];
  const encode = async (open: (typeof pictures)[number]): Promise<EncodedPicture | undefined> => {
    const picture = await open();
    return picture && encodeInWorker(picture, onProgress, end);
  };
  for (const open of pictures) {
    end.throwIfAborted();
    const encoded = await encode(open).catch((error: unknown) => void (failure += `; ${String(error)}`));
    if (encoded === undefined) continue;
    const wrongSize = validateSize(encoded.photo.size);
    if (wrongSize !== undefined) return refuse(wrongSize.reason, wrongSize.detail, texts);
    onProgress(1);
    return { ...encoded, status: 'encoded', contentType: 'image/jpeg' };
  }
  if (isFine) return refuse(pixels > maxSafePixels ? 'too-many-pixels' : 'image-damaged', failure, texts);
  const isHeic = (await formatOf(file)) === 'HEIC';
  return refuse(isHeic ? 'heic-not-supported' : checked.reason, `${checked.detail}. ${failure}`, texts);
}

async function formatOf(file: Blob): Promise<string> {
  return guessFormat(new Uint8Array(await file.slice(0, signatureBytes).arrayBuffer()));
}
