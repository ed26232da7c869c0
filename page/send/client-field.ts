import { isClientId } from '../../contract/photo-rules';
import { find, make } from '../elements';
import type { PageClient } from '../page-state';
import { rejectionTexts } from '../rejection-texts';

const anotherClient = 'another';

/** Lets the person choose a client, or enter the ID of another one. */
export class ClientField {
  private readonly list = find('client', HTMLSelectElement);
  private readonly ownRow = find('own-client-row', HTMLElement);
  private readonly own = find('own-client', HTMLInputElement);
  private readonly problem = find('own-client-problem', HTMLElement);

  /** @param onChange called when the person chooses or enters a client. */
  constructor(onChange: () => void) {
    for (const input of [this.list, this.own]) {
      input.addEventListener('input', () => {
        this.showOwn();
        onChange();
      });
    }
  }

  get clientId(): string {
    return this.list.value === anotherClient ? this.own.value.trim() : this.list.value;
  }

  offer(clients: readonly PageClient[]): void {
    const picked = this.list.value;
    const options = [...clients, { id: anotherClient, name: 'Another client' }];
    this.list.replaceChildren(...options.map(({ id, name }) => make('option', { value: id }, name)));
    if (options.some(({ id }) => id === picked)) this.list.value = picked;
    this.showOwn();
  }

  /** Shows what is wrong with the client ID. @returns whether it is well-formed. */
  check(): boolean {
    const isWellFormed = isClientId(this.clientId);
    const { what, toDo } = rejectionTexts['client-id-malformed'];
    this.problem.textContent = isWellFormed ? '' : `${what}. ${toDo}`;
    this.own.setAttribute('aria-invalid', String(!isWellFormed));
    if (!isWellFormed) this.own.focus();
    return isWellFormed;
  }

  private showOwn(): void {
    this.ownRow.hidden = this.list.value !== anotherClient;
  }
}
