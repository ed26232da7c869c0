import { Camera, CameraError } from './camera';
import { find } from '../elements';

/** Dependencies of {@link CameraView}. */
export interface CameraViewDeps {
  /** Called when the camera shows its preview. */
  readonly onTurnedOn: () => void;
  readonly onPhoto: (photo: Blob) => void;
}

/** Turns the camera on and off, and takes a photo with it. */
export class CameraView {
  private readonly dropZone = find('drop-zone', HTMLElement);
  private readonly turnOnButton = find('camera-on', HTMLButtonElement);
  private readonly turnOffButton = find('camera-off', HTMLButtonElement);
  private readonly view = find('camera', HTMLElement);
  private readonly state = find('camera-state', HTMLElement);
  private readonly video = find('video', HTMLVideoElement);
  private readonly shutter = find('shutter', HTMLButtonElement);
  private readonly problem = find('choose-problem', HTMLElement);
  private camera: Camera | undefined;
  /** Aborted when the person no longer wants the camera, also while it starts. */
  private wanted: AbortController | undefined;

  constructor(private readonly deps: CameraViewDeps) {
    this.turnOnButton.addEventListener('click', () => void this.turnOn());
    this.shutter.addEventListener('click', () => void this.shoot());
    this.turnOffButton.addEventListener('click', () => {
      this.turnOff();
      this.turnOnButton.focus();
    });
    window.addEventListener('pagehide', () => this.turnOff());
  }

  turnOff(): void {
    this.wanted?.abort();
    this.camera = undefined;
    this.view.hidden = true;
    this.dropZone.hidden = false;
  }

  private async turnOn(): Promise<void> {
    const { signal } = (this.wanted = new AbortController());
    this.showStart();
    try {
      this.camera = await Camera.turnOn(this.video, signal, (error) => this.fail(error));
    } catch (error) {
      if (!signal.aborted) this.fail(error);
      return;
    }
    this.state.textContent = '';
    this.video.hidden = false;
    this.shutter.hidden = false;
    this.shutter.focus();
    this.deps.onTurnedOn();
  }

  /** Until the camera runs, because the browser may ask the person first. */
  private showStart(): void {
    this.problem.textContent = '';
    this.video.hidden = true;
    this.shutter.hidden = true;
    this.dropZone.hidden = true;
    this.view.hidden = false;
    this.state.textContent = 'Turning the camera on… If the browser asks, allow the camera.';
    this.turnOffButton.focus();
  }

  private async shoot(): Promise<void> {
    try {
      const photo = await this.camera?.takePhoto();
      if (photo !== undefined) this.deps.onPhoto(photo);
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    this.turnOff();
    this.problem.textContent =
      error instanceof CameraError ? error.message : 'The camera failed. Choose a file instead.';
    this.turnOnButton.focus();
  }
}
