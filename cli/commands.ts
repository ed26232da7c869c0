import { backfill } from './backfill/backfill';
import type { Command } from './command';
import { doctor } from './doctor/doctor';
import { erase } from './erase/erase';
import { pause, resume } from './pause/pause';
import { redriveDeadLetters } from './redrive/redrive-dead-letters';
import { redriveUndeliveredEvents } from './redrive/redrive-undelivered-events';
import { redriveRejected } from './redrive/redrive-rejected';
import { report } from './report/report';
import { status } from './status/status';

/** All commands by name. To add one, create a folder with a {@link Command} and add a line here. */
export const commands: Readonly<Record<string, Command>> = {
  doctor,
  status,
  backfill,
  'redrive dead-letters': redriveDeadLetters,
  'redrive undelivered-events': redriveUndeliveredEvents,
  'redrive rejected': redriveRejected,
  erase,
  report,
  pause,
  resume,
};
