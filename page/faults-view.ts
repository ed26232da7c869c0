import { find, make } from './elements';
import { type FaultName, faultNames, type FaultSwitches } from './page-state';

const texts: Readonly<Record<FaultName, readonly [name: string, effect: string]>> = {
  'too-many-requests': ['Too many requests (429)', 'ComplyCube accepts no uploads. Photos wait in the queue.'],
  outage: ['Outage (503)', 'Every call to ComplyCube fails until you switch this off.'],
  'lost-answer': [
    'Lost answer',
    'ComplyCube stores the photo, but the connection breaks before it answers. The retry finds the live photo.',
  ],
};

/** Shows switches for the stand-in's faults. */
export class FaultsView {
  private readonly section = find('faults', HTMLElement);
  private readonly list = find('fault-switches', HTMLElement);
  private readonly problem = find('fault-problem', HTMLElement);
  private readonly switches = new Map<FaultName, HTMLInputElement>();

  constructor() {
    this.list.replaceChildren(...faultNames.map((name) => this.makeSwitch(name)));
  }

  /** @param faults undefined: hide the switches. */
  show(faults: FaultSwitches | undefined): void {
    this.section.hidden = faults === undefined;
    this.problem.textContent = '';
    if (faults === undefined) return;
    for (const [name, input] of this.switches) input.checked = faults[name];
  }

  private makeSwitch(name: FaultName): HTMLElement {
    const [title, effect] = texts[name];
    const input = make('input', { type: 'checkbox', role: 'switch', id: name, 'aria-describedby': `${name}-effect` });
    input.addEventListener('change', () => void this.change(name, input));
    this.switches.set(name, input);
    return make(
      'div',
      { class: 'switch' },
      input,
      make('label', { for: name }, title),
      make('p', { id: `${name}-effect`, class: 'small' }, effect),
    );
  }

  private async change(name: FaultName, input: HTMLInputElement): Promise<void> {
    const answer = await fetch('/faults', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, isOn: input.checked }),
    }).catch(() => undefined);
    const isDone = answer?.ok === true;
    if (!isDone) input.checked = !input.checked;
    this.problem.textContent = isDone ? '' : 'The switch had no effect. Is the server still running?';
  }
}
