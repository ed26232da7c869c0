import { validateSize } from '../contract/photo-rules';

/** The camera gives no picture. The message is shown to the person. */
export class CameraError extends Error {
  override readonly name = 'CameraError';
}

/** A camera that is turned on. */
export class Camera {
  private constructor(
    private readonly video: HTMLVideoElement,
    private readonly stream: MediaStream,
  ) {}

  /**
   * Turns on the camera that faces the person, and shows its preview.
   * @throws CameraError if there is no camera or it is not allowed.
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

  /** The preview is mirrored, the photo is not. */
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

/** Encodings in order of preference: at a given quality, a picture may be too small or too large for ComplyCube. */
const encodings: readonly (readonly [type: string, quality?: number])[] = [
  ['image/jpeg', 0.92],
  ['image/jpeg', 0.8],
  ['image/jpeg', 1],
  ['image/png'],
];

async function encode(canvas: HTMLCanvasElement): Promise<Blob> {
  let encoded: Blob | null = null;
  for (const [type, quality] of encodings) {
    encoded = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, quality));
    if (encoded !== null && validateSize(encoded.size) === undefined) return encoded;
  }
  if (encoded === null) throw new CameraError('The camera gave no picture. Try again, or choose a file.');
  return encoded;
}

function stopTracks(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

function describe(cause: unknown): string {
  const name = cause instanceof DOMException ? cause.name : '';
  if (name === 'NotAllowedError') {
    return 'The browser does not allow the camera. Allow it for this page in the browser’s settings, or choose a file.';
  }
  if (name === 'NotFoundError') return 'No camera was found. Choose a file instead.';
  if (name === 'NotReadableError') return 'Another program uses the camera. Close it and try again, or choose a file.';
  return 'The camera could not be turned on. Choose a file instead.';
}
