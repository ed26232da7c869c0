import { type FaultName, faultNames, type FaultSwitches } from '../../page/page-state';
import type { FaultRule } from 'complycube-stand-in/faults';
import type { LocalComplyCube } from 'complycube-stand-in/server';

const rules: Readonly<Record<FaultName, FaultRule>> = {
  'too-many-requests': { fault: 'status', status: 429, for: 'POST /livePhotos' },
  outage: { fault: 'status', status: 503 },
  'lost-answer': { fault: 'reset-after', for: 'POST /livePhotos' },
};

/** Switches for faults of the stand-in; each lasts until it is switched off, and all are off at first. */
export class FaultSwitchboard {
  private switches: FaultSwitches = { 'too-many-requests': false, outage: false, 'lost-answer': false };

  /** Asks the stand-in for the faults at once, each to happen only while its switch is on: other faults stay as they are. */
  constructor(complyCube: Pick<LocalComplyCube, 'fault'>) {
    for (const name of faultNames) complyCube.fault({ ...rules[name], count: null }, () => this.switches[name]);
  }

  get state(): FaultSwitches {
    return this.switches;
  }

  set(name: FaultName, isOn: boolean): void {
    this.switches = { ...this.switches, [name]: isOn };
  }
}
