import type { ServerResponse } from 'node:http';

/** Events for the pages that are open (HTML standard, "Server-sent events"). */
export class EventStream {
  private readonly listeners = new Set<ServerResponse>();

  /** Answers a request with events from now on, one first. */
  open(response: ServerResponse, name: string, data: unknown): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(render(name, data));
    this.listeners.add(response);
    response.on('close', () => this.listeners.delete(response));
  }

  /** Sends an event to every page. */
  send(name: string, data: unknown): void {
    for (const listener of this.listeners) listener.write(render(name, data));
  }
}

/** JSON has no line breaks, so that the data is one line. */
function render(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
