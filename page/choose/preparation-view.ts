import type { PhotoCheck, PreparedPhoto, RefusedPhoto } from '../../app/browser';
import { find, make } from '../elements';
import { sizeInWords } from '../words';

/** Shows how a photo is prepared, and the result. */
export class PreparationView {
  private readonly progressRow = find('prepare-row', HTMLElement);
  private readonly progress = find('prepare-progress', HTMLProgressElement);
  private readonly result = find('check', HTMLElement);

  clear(): void {
    this.progressRow.hidden = true;
    this.result.replaceChildren();
  }

  /** @param share from 0 to 1. A photo that is fine starts with 1. */
  showProgress(share: number): void {
    this.progressRow.hidden = share === 1;
    this.progress.value = share;
  }

  /**
   * @param file the chosen file.
   * @param isSentUnchanged whether the person may send a refused photo.
   */
  show(file: Blob, result: PhotoCheck | PreparedPhoto, isSentUnchanged: boolean): void {
    this.clear();
    const title = isSentUnchanged ? 'S3 or the function refuses this photo' : 'This photo can’t be used';
    this.result.replaceChildren(result.status === 'refused' ? refusalBox(title, result) : describe(file, result));
  }

  fail(error: unknown): void {
    this.clear();
    const detail = error instanceof Error ? error.message : '';
    this.result.replaceChildren(box('The photo could not be prepared', 'Choose another one.', detail));
  }
}

function describe(file: Blob, result: Exclude<PhotoCheck | PreparedPhoto, RefusedPhoto>): string {
  if (result.status !== 'encoded') return 'The size is right and the file is complete.';
  const { photo, width, height, originalWidth, originalHeight } = result;
  const what = file.type === 'image/jpeg' && photo.size < file.size ? 'Made smaller' : 'Converted to JPEG';
  const pixels = width < originalWidth ? `, ${originalWidth} × ${originalHeight} → ${width} × ${height} pixels` : '';
  return `${what}: ${sizeInWords(file.size)} → ${sizeInWords(photo.size)}${pixels}.`;
}

function refusalBox(title: string, { text, detail, reason }: RefusedPhoto): HTMLElement {
  return box(title, text, `${detail} (`, make('code', {}, reason), ')');
}

function box(title: string, text: string, ...details: readonly (Node | string)[]): HTMLElement {
  return make(
    'div',
    { class: 'box box-bad' },
    make('h3', {}, title),
    make('p', {}, text),
    make('p', { class: 'small' }, ...details),
  );
}
