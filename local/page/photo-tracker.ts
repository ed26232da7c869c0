import { claimKey } from '../../contract/claim-key';
import { readMessage, type PhotoLocation } from '../../contract/object-events';
import type { Stage, Travel } from '../../page/photo-progress';
import type { LivePhotoFacts } from 'complycube-stand-in/stand';
import type { FaultableCall } from 'local-aws/s3/faultable-call';
import { readPhotoLine } from './photo-line';

/** A travel while it may still change, and what it is recognised by. */
interface OpenTravel {
  shown: Travel;
  readonly clientId: string | undefined;
  /** Known once the photo is stored. */
  location: PhotoLocation | undefined;
}

/** As many photos as the page lists; older ones are forgotten. */
const keptTravels = 50;

/**
 * Follows photos on their way by what the pipeline's parts are seen to do: each observer is handed to the part that it is named
 * after. A stage that nobody saw is never shown.
 */
export class Travels {
  /** The oldest first. */
  private readonly travels: OpenTravel[] = [];
  private readonly listeners = new Set<(travel: Travel) => void>();
  private count = 0;

  /** The newest first. */
  get recent(): Travel[] {
    return this.travels.map(({ shown }) => shown).reverse();
  }

  /** Tells of each change of a travel, until the returned function is called. */
  subscribe(listener: (travel: Travel) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** A page was granted the upload of a photo under this key. */
  granted(key: string, clientId: string): Travel {
    const travel = this.add(key, clientId);
    this.see(travel, 'granted');
    return travel.shown;
  }

  /** S3 has a photo and tells of it: for the pipeline's `onNotification`. */
  readonly notification = (body: string, send: () => void): void => {
    const stored = readMessage(body).photos.map((location) => {
      const travel =
        this.travels.findLast(({ shown, location: known }) => known === undefined && shown.key === location.key) ??
        this.add(location.key);
      travel.location = location;
      this.see(travel, 'stored', location.eventTime, { bytes: sizeOf(body, location) });
      return travel;
    });
    send();
    for (const travel of stored) this.see(travel, 'queued');
  };

  /** S3 carried out a request: for its `faultAfter`, where it never asks for a fault. */
  readonly s3Request = ({ operation, key }: FaultableCall): undefined => {
    if (operation === 'PutObject') {
      const travel = this.travels.find(({ location }) => location !== undefined && claimKey(location) === key);
      if (travel !== undefined) this.see(travel, 'claimed');
    }
    if (operation === 'PutObjectTagging') {
      // Between claim and outcome nobody but the function may tag.
      const travel = this.travels.find(
        ({ shown }) => shown.key === key && shown.seen.claimed !== undefined && shown.outcome === undefined,
      );
      if (travel !== undefined) this.see(travel, 'tagged');
    }
  };

  /**
   * The stand-in stored a live photo: for its `onLivePhoto`. It knows no keys, so that the photo is told by its client and size;
   * the function's log line has the last word on which live photo is whose.
   */
  readonly livePhoto = ({ clientId, size }: Pick<LivePhotoFacts, 'clientId' | 'size'>): void => {
    const travel = this.travels.find(
      ({ shown, ...travel }) =>
        travel.clientId === clientId &&
        shown.bytes === size &&
        shown.seen.claimed !== undefined &&
        shown.seen.uploaded === undefined,
    );
    if (travel === undefined) return;
    // A request is not sent to its end before the whole image was found in order.
    this.see(travel, 'validated');
    this.see(travel, 'uploaded');
  };

  /** The function logged a line: for the pipeline's `onLogLine`. */
  readonly logLine = (text: string): void => {
    const line = readPhotoLine(text);
    const travel = this.travels.findLast(
      ({ location }) => location?.key === line?.key && location?.versionId === line?.versionId,
    );
    if (line === undefined || travel === undefined || travel.shown.outcome !== undefined) return;
    const { seen, retries } = travel.shown;
    // Tags come after all else: what nothing nearer saw was done by then.
    const doneAt = seen.tagged ?? line.at;
    if (line.isValidated) this.see(travel, 'validated', doneAt);
    if (line.outcome?.status === 'uploaded') this.see(travel, 'uploaded', doneAt);
    if (line.outcome !== undefined) this.change(travel, { outcome: line.outcome });
    else this.change(travel, { retries: [...retries, { at: line.at, why: line.error }] });
  };

  private add(key: string, clientId?: string): OpenTravel {
    const shown: Travel = {
      id: String(++this.count),
      key,
      client: clientId === undefined ? undefined : `…${clientId.slice(-4)}`,
      bytes: undefined,
      seen: {},
      retries: [],
      outcome: undefined,
    };
    const travel: OpenTravel = { shown, clientId, location: undefined };
    this.travels.push(travel);
    if (this.travels.length > keptTravels) this.travels.shift();
    return travel;
  }

  /** What was seen before stays as it was first seen. */
  private see(travel: OpenTravel, stage: Stage, at = new Date().toISOString(), more: Partial<Travel> = {}): void {
    const { seen } = travel.shown;
    if (seen[stage] === undefined) this.change(travel, { ...more, seen: { ...seen, [stage]: at } });
  }

  private change(travel: OpenTravel, change: Partial<Travel>): void {
    travel.shown = { ...travel.shown, ...change };
    for (const tell of this.listeners) tell(travel.shown);
  }
}

interface SizedNotification {
  readonly Records?: readonly { readonly s3: { readonly object: { readonly eTag: string; readonly size: number } } }[];
}

/** The function needs no size, so that its own reading of events leaves it out. */
function sizeOf(body: string, { eTag }: PhotoLocation): number | undefined {
  const { Records = [] } = JSON.parse(body) as SizedNotification;
  return Records.find(({ s3 }) => s3.object.eTag === eTag)?.s3.object.size;
}
