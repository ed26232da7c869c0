import { validateSize } from '../contract/photo-rules';

/** There is no picture from a camera; the message is for people. */
export class CameraError extends Error {
  override readonly name = 'CameraError';
}

/** A camera that is on. */
export class Camera {
  private constructor(
    private readonly video: HTMLVideoElement,
    private readonly stream: MediaStream,
  ) {}

  /**
   * Turns the camera on that looks at the person, and shows what it sees.
   * @throws CameraError when there is none, or it may not be used.
   */
  static async turnOn(video: HTMLVideoElement): Promise<Camera> {
    const wanted = { facingMode: 'user', width: { ideal: 1920 }, height: { ideal: 1440 } };
    let stream: MediaStream | undefined;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
      video.srcObject = stream;
      await video.play();
      return new Camera(video, stream);
    } catch (cause) {
      stopTracks(stream);
      throw new CameraError(describe(cause), { cause });
    }
  }

  /** Takes what the camera sees at this moment, as it sees it: a mirrored preview does not mirror the photo. */
  async takePhoto(): Promise<Blob> {
    const canvas = document.createElement('canvas');
    canvas.width = this.video.videoWidth;
    canvas.height = this.video.videoHeight;
    canvas.getContext('2d')?.drawImage(this.video, 0, 0);
    return encode(canvas);
  }

  turnOff(): void {
    stopTracks(this.stream);
    this.video.srcObject = null;
  }
}

/** Encodings to try in order: a plain picture may be too small for ComplyCube at the usual quality, a rich one too large. */
const encodings: readonly (readonly [type: string, quality?: number])[] = [
  ['image/jpeg', 0.92],
  ['image/jpeg', 0.8],
  ['image/jpeg', 1],
  ['image/png'],
];

async function encode(canvas: HTMLCanvasElement): Promise<Blob> {
  let encoded: Blob | null = null;
  for (const [type, quality] of encodings) {
    encoded = await new Promise<Blob | null>((resolve) => {
      canvas.toBlob(resolve, type, quality);
    });
    if (encoded !== null && validateSize(encoded.size) === undefined) return encoded;
  }
  if (encoded === null) throw new CameraError('The camera gave no picture. Try again, or choose a photo.');
  return encoded;
}

function stopTracks(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

function describe(cause: unknown): string {
  const name = cause instanceof DOMException ? cause.name : '';
  if (name === 'NotAllowedError') {
    return 'The camera may not be used. Allow it for this page in the browser’s settings, or choose a photo.';
  }
  if (name === 'NotFoundError') return 'There is no camera here. Choose a photo instead.';
  if (name === 'NotReadableError') return 'Another program uses the camera. Close it and try again, or choose a photo.';
  return 'The camera could not be turned on. Choose a photo instead.';
}
