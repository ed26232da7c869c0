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
   * @param onLost called if the camera ends by itself, for example when it is unplugged.
   * @param signal turns the camera off, also while it starts.
   * @throws CameraError if there is no camera or it is not allowed, and if `signal` is aborted.
   */
  static async turnOn(
    video: HTMLVideoElement,
    signal: AbortSignal,
    onLost: (error: CameraError) => void,
  ): Promise<Camera> {
    const wanted = { facingMode: 'user', width: { ideal: 1920 }, height: { ideal: 1440 } };
    let camera: Camera | undefined;
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
      camera = new Camera(video, stream);
      signal.throwIfAborted();
      signal.addEventListener('abort', camera.turnOff);
      for (const track of stream.getTracks()) {
        track.addEventListener('ended', () =>
          onLost(new CameraError('The camera was disconnected. Choose a file instead.')),
        );
      }
      video.srcObject = stream;
      await video.play();
      signal.throwIfAborted();
      return camera;
    } catch (cause) {
      camera?.turnOff();
      throw new CameraError(describe(cause), { cause });
    }
  }

  /** The preview is mirrored, the photo is not. */
  async takePhoto(): Promise<Blob> {
    const canvas = document.createElement('canvas');
    canvas.width = this.video.videoWidth;
    canvas.height = this.video.videoHeight;
    canvas.getContext('2d')?.drawImage(this.video, 0, 0);
    const photo = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.95));
    if (photo === null) throw new CameraError('The camera gave no picture. Try again, or choose a file.');
    return photo;
  }

  private readonly turnOff = (): void => {
    for (const track of this.stream.getTracks()) track.stop();
    // Another start may show its preview already.
    if (this.video.srcObject === this.stream) this.video.srcObject = null;
  };
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
