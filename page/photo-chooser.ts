import { Camera, CameraError } from './camera';
import { type CheckedPhoto, checkPhoto } from './check-photo';
import { isRejected } from '../contract/outcome';
import { find } from './elements';
import { rejectionBox } from './outcome-view';
import { sizeInWords } from './words';

/** Gets a photo from the camera or a file, shows it and checks it. */
export class PhotoChooser {
  private readonly card = find('photo', HTMLElement);
  private readonly dropZone = find('drop-zone', HTMLElement);
  private readonly file = find('file', HTMLInputElement);
  private readonly turnOnButton = find('camera-on', HTMLButtonElement);
  private readonly cameraView = find('camera', HTMLElement);
  private readonly video = find('video', HTMLVideoElement);
  private readonly shutter = find('shutter', HTMLButtonElement);
  private readonly preview = find('preview', HTMLElement);
  private readonly picture = find('picture', HTMLImageElement);
  private readonly caption = find('caption', HTMLElement);
  private readonly verdict = find('check', HTMLElement);
  private camera: Camera | undefined;
  /** Ignores further clicks while the browser asks for permission. */
  private isTurningOn = false;
  private latest: Blob | undefined;

  /** @param onPhoto called with each photo that passes the check, and with undefined when there is no photo to send. */
  constructor(private readonly onPhoto: (photo: CheckedPhoto | undefined) => void) {
    this.turnOnButton.addEventListener('click', () => void this.turnOn());
    this.shutter.addEventListener('click', () => void this.shoot());
    find('camera-off', HTMLButtonElement).addEventListener('click', () => {
      this.turnOff();
      this.turnOnButton.focus();
    });
    this.file.addEventListener('change', () => {
      const [chosen] = this.file.files ?? [];
      // Otherwise choosing the same file again, after it was repaired, triggers no event.
      this.file.value = '';
      if (chosen !== undefined) void this.take(chosen, chosen.name);
    });
    this.takeDrops();
  }

  private async turnOn(): Promise<void> {
    if (this.isTurningOn) return;
    this.isTurningOn = true;
    this.verdict.replaceChildren();
    try {
      this.camera = await Camera.turnOn(this.video);
    } catch (error) {
      this.say(error);
      return;
    } finally {
      this.isTurningOn = false;
    }
    this.cameraView.hidden = false;
    this.dropZone.hidden = true;
    this.preview.hidden = true;
    this.latest = undefined;
    this.onPhoto(undefined);
    this.shutter.focus();
  }

  private turnOff(): void {
    this.camera?.turnOff();
    this.camera = undefined;
    this.cameraView.hidden = true;
    this.dropZone.hidden = false;
  }

  private async shoot(): Promise<void> {
    const { camera } = this;
    if (camera === undefined) return;
    try {
      const photo = await camera.takePhoto();
      await this.take(photo, 'From the camera');
    } catch (error) {
      this.say(error);
    }
    this.caption.focus();
  }

  private takeDrops(): void {
    // By default the browser opens a file that is dropped outside the drop zone, and leaves the page.
    for (const type of ['dragover', 'drop']) {
      window.addEventListener(type, (event) => event.preventDefault());
    }
    this.card.addEventListener('dragover', () => this.card.classList.add('is-target'));
    this.card.addEventListener('dragleave', () => this.card.classList.remove('is-target'));
    this.card.addEventListener('drop', ({ dataTransfer }) => {
      this.card.classList.remove('is-target');
      const [dropped] = dataTransfer?.files ?? [];
      if (dropped !== undefined) void this.take(dropped, dropped.name);
    });
  }

  private async take(photo: Blob, name: string): Promise<void> {
    this.turnOff();
    this.latest = photo;
    this.onPhoto(undefined);
    this.show(photo, name);
    const checked = await checkPhoto(photo);
    if (photo !== this.latest) return;
    const isAtFault = isRejected(checked);
    this.picture.hidden = isAtFault;
    this.verdict.replaceChildren(
      isAtFault ? rejectionBox(checked) : 'Ready to send: the size is right and the file is complete.',
    );
    if (!isAtFault) this.onPhoto(checked);
  }

  private show(photo: Blob, name: string): void {
    URL.revokeObjectURL(this.picture.src);
    this.picture.src = URL.createObjectURL(photo);
    this.caption.textContent = `${name}, ${sizeInWords(photo.size)}`;
    this.preview.hidden = false;
  }

  private say(error: unknown): void {
    this.verdict.textContent =
      error instanceof CameraError ? error.message : 'The camera failed. Choose a photo instead.';
  }
}
