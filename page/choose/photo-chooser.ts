import { checkPhoto, preparePhoto } from '../../app/browser';
import { CameraView } from './camera-view';
import { find } from '../elements';
import { PreparationView } from './preparation-view';
import { type ReadyPhoto, readyPhoto } from './ready-photo';
import { sizeInWords } from '../words';

interface ChosenPhoto {
  readonly file: Blob;
  readonly name: string;
}

/** Gets a photo from the camera, a file or the server's samples, shows it and prepares it. */
export class PhotoChooser {
  private readonly card = find('photo', HTMLElement);
  private readonly dropZone = find('drop-zone', HTMLElement);
  private readonly file = find('file', HTMLInputElement);
  private readonly sample = find('sample', HTMLButtonElement);
  private readonly unchanged = find('unchanged', HTMLInputElement);
  private readonly problem = find('choose-problem', HTMLElement);
  private readonly preview = find('preview', HTMLElement);
  private readonly picture = find('picture', HTMLImageElement);
  private readonly caption = find('caption', HTMLElement);
  private readonly preparation = new PreparationView();
  private readonly camera: CameraView;
  private chosen: ChosenPhoto | undefined;
  /** Aborted when another photo is chosen. */
  private choice = new AbortController();

  /** @param onPhoto called with each photo that can be sent, and with undefined when there is none. */
  constructor(private readonly onPhoto: (photo: ReadyPhoto | undefined) => void) {
    this.camera = new CameraView({
      onTurnedOn: () => this.forget(),
      onPhoto: (file) => {
        this.take({ file, name: 'From the camera' });
        this.caption.focus();
      },
    });
    this.file.addEventListener('change', () => {
      const [chosen] = this.file.files ?? [];
      // Otherwise choosing the same file again, after it was repaired, triggers no event.
      this.file.value = '';
      if (chosen !== undefined) this.take({ file: chosen, name: chosen.name });
    });
    this.sample.addEventListener('click', () => void this.takeSample());
    this.unchanged.addEventListener('change', () => {
      if (this.chosen !== undefined) this.take(this.chosen);
    });
    this.picture.addEventListener('error', () => {
      this.picture.hidden = true;
    });
    this.takeDrops();
  }

  /** Sample photos are for the stand-in: ComplyCube's own API finds no face in a drawing. */
  offerSamples(isOffered: boolean): void {
    this.sample.hidden = !isOffered;
  }

  /** While a photo is sent, no other can be chosen. */
  lock(isLocked: boolean): void {
    this.dropZone.inert = isLocked;
    this.unchanged.disabled = isLocked;
    if (isLocked) this.camera.turnOff();
  }

  private takeDrops(): void {
    // By default the browser opens a file that is dropped outside the drop zone, and leaves the page.
    for (const type of ['dragover', 'drop']) {
      window.addEventListener(type, (event) => event.preventDefault());
    }
    this.card.addEventListener('dragover', () => this.card.classList.toggle('is-target', !this.dropZone.inert));
    this.card.addEventListener('dragleave', () => this.card.classList.remove('is-target'));
    this.card.addEventListener('drop', ({ dataTransfer }) => {
      this.card.classList.remove('is-target');
      const [dropped] = dataTransfer?.files ?? [];
      if (dropped !== undefined) this.take({ file: dropped, name: dropped.name });
    });
  }

  private async takeSample(): Promise<void> {
    const before = this.chosen;
    const file = await fetch('/sample-photo')
      .then((answer) => (answer.ok ? answer.blob() : undefined))
      .catch(() => undefined);
    // The person chose a photo in the meantime.
    if (this.chosen !== before) return;
    if (file !== undefined) this.take({ file, name: 'A sample photo' });
    else this.problem.textContent = 'The server sent no sample. Is it still running?';
  }

  private take(chosen: ChosenPhoto): void {
    if (this.dropZone.inert) return;
    this.camera.turnOff();
    this.forget();
    this.chosen = chosen;
    this.show(chosen.file, chosen.name);
    void this.prepare(chosen, this.choice.signal);
  }

  private async prepare({ file, name }: ChosenPhoto, signal: AbortSignal): Promise<void> {
    const isSentUnchanged = this.unchanged.checked;
    try {
      const result = isSentUnchanged
        ? await checkPhoto(file)
        : await preparePhoto(file, { signal, onProgress: (share) => this.preparation.showProgress(share) });
      const photo = 'photo' in result ? result.photo : file;
      const ready = result.status === 'refused' && !isSentUnchanged ? undefined : await readyPhoto(photo, result);
      if (signal.aborted) return;
      this.preparation.show(file, result, isSentUnchanged);
      if (ready === undefined) this.picture.hidden = true;
      else if (photo !== file) this.show(photo, name);
      this.onPhoto(ready);
    } catch (error) {
      if (!signal.aborted) this.preparation.fail(error);
    }
  }

  private show(photo: Blob, name: string): void {
    URL.revokeObjectURL(this.picture.src);
    this.picture.src = URL.createObjectURL(photo);
    this.picture.hidden = false;
    this.caption.textContent = `${name}, ${sizeInWords(photo.size)}`;
    this.preview.hidden = false;
  }

  private forget(): void {
    this.choice.abort();
    this.choice = new AbortController();
    this.chosen = undefined;
    this.preview.hidden = true;
    this.problem.textContent = '';
    this.preparation.clear();
    this.onPhoto(undefined);
  }
}
