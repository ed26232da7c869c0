import { type FaultName, faultNames, type FaultSwitches } from '../../page/page-state';
import type { FaultRule } from 'complycube-stand-in/faults';
import type { LocalComplyCube } from 'complycube-stand-in/server';

const rules: Readonly<Record<FaultName, FaultRule>> = {
  'too-many-requests': { fault: 'status', status: 429, for: 'POST /livePhotos' },
  outage: { fault: 'status', status: 503 },
  'lost-answer': { fault: 'reset-after', for: 'POST /livePhotos' },
};

/** Switches for faults of the stand-in. All are off at first, and each stays on until it is switched off. */
export class FaultSwitchSet {
  private switches: FaultSwitches = { 'too-many-requests': false, outage: false, 'lost-answer': false };

  /** Adds one rule for each fault, which applies only while its switch is on. */
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
