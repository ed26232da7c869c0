import type { FaultSwitches, PageState } from './page-state';
import type { PhotoProgress } from './photo-progress';

/** What the page does with the server's events. */
export interface ServerEventHandlers {
  /** Called after each connection, also after a lost one. */
  readonly onState: (state: PageState) => void;
  readonly onPhoto: (photo: PhotoProgress) => void;
  readonly onFaults: (faults: FaultSwitches) => void;
  readonly onLost: () => void;
}

const reconnectAfterMs = 1_000;

/** Listens to the server's events, and connects again whenever the connection is lost. */
export function listenToServer(handlers: ServerEventHandlers): void {
  const events = new EventSource('/events');
  const handle = (name: string, handler: (data: never) => void): void =>
    events.addEventListener(name, ({ data }: MessageEvent<string>) => handler(JSON.parse(data) as never));
  handle('state', handlers.onState);
  handle('photo', handlers.onPhoto);
  handle('faults', handlers.onFaults);
  events.addEventListener('error', () => {
    handlers.onLost();
    // The browser reconnects by itself after a broken connection, but not after an answer other than 200.
    if (events.readyState === EventSource.CLOSED) setTimeout(() => listenToServer(handlers), reconnectAfterMs);
  });
}
