import { validateSize } from '../../contract/photo-rules';
import { checkOptions } from './check-options';
import type { FinePhoto } from './check-photo';
import type { EncodedPicture } from './encode-picture';
import { inWorker } from './in-worker';
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
 * @throws the reason of `signal`; what `onProgress` throws; TypeError for wrong options.
 */
export async function preparePhoto(file: Blob, options: PrepareOptions = {}): Promise<PreparedPhoto> {
  checkOptions(options, {
    stripMetadata: 'boolean',
    decode: 'function',
    onProgress: 'function',
    signal: 'object',
    texts: 'object',
  });
  return untilAborted(options.signal, (end, fail) => {
    const onProgress = (share: number): void => {
      try {
        if (!end.aborted) options.onProgress?.(share);
      } catch (error) {
        fail(error);
      }
    };
    return prepare(file, options, onProgress, end);
  });
}

/** @param end stops the work. */
async function prepare(
  file: Blob,
  { stripMetadata = false, decode, texts }: PrepareOptions,
  onProgress: (share: number) => void,
  end: AbortSignal,
): Promise<PreparedPhoto> {
  if (file.size > maxFileBytes) {
    return refuse({ reason: 'too-large', detail: `The file has more than ${maxFileBytes} bytes` }, texts);
  }
  const wrongSize = validateSize(file.size);
  if (file.size === 0 && wrongSize !== undefined) return refuse(wrongSize, texts);
  const content =
    wrongSize?.reason === 'too-large'
      ? await inWorker('checkContent', file, onProgress, end)
      : await photoWork.checkContent(file);
  const isFine = 'contentType' in content;
  // A file of another format may be a picture that the browser can decode.
  if (!isFine && content.reason !== 'not-jpeg-or-png') return refuse(content, texts);
  if (isFine && !stripMetadata && wrongSize === undefined) {
    onProgress(1);
    return { ...content, status: 'unchanged', photo: file };
  }
  onProgress(0.1);

  const image = await loadImage(file);
  const pixels = image === undefined ? 0 : image.naturalWidth * image.naturalHeight;
  if (pixels > maxPixels) {
    return refuse({ reason: 'too-many-pixels', detail: `The picture has more than ${maxPixels} pixels` }, texts);
  }
  let detail = 'The browser can’t decode the picture';
  const pictures = [
    () => file,
    // Some formats open only as an element, for example SVG.
    () => image && createImageBitmap(image),
    () => decode?.(file),
  ];
  const encode = async (open: (typeof pictures)[number]): Promise<EncodedPicture | undefined> => {
    const picture = await open();
    return picture && inWorker('encodePicture', picture, onProgress, end);
  };
  for (const open of pictures) {
    end.throwIfAborted();
    const encoded = await encode(open).catch((error: unknown) => void (detail += `; ${String(error)}`));
    if (encoded === undefined) continue;
    const stillWrong = validateSize(encoded.photo.size);
    if (stillWrong !== undefined) return refuse(stillWrong, texts);
    onProgress(1);
    return { ...encoded, status: 'encoded', contentType: 'image/jpeg' };
  }
  if (isFine) return refuse({ reason: pixels > maxSafePixels ? 'too-many-pixels' : 'not-decodable', detail }, texts);
  const reason = content.isHeic === true ? 'heic-not-supported' : content.reason;
  return refuse({ reason, detail: `${content.detail}. ${detail}` }, texts);
}
