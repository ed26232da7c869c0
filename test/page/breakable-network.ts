import { createServer, type IncomingMessage, request as sendRequest, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** Only uploads are larger than this. */
const uploadBytes = 100_000;

/** An HTTP proxy between the browser and the local servers, which can break connections. */
export class BreakableNetwork {
  /** Whether uploads are paused in the middle. */
  isHolding = false;
  /** Whether the connection breaks when an upload is answered, so that the answer is lost. */
  isBreakingAtAnswer = false;
  /** How many uploads were paused. */
  heldUploads = 0;
  private isCut = false;
  private readonly server = createServer((request, response) => this.forward(request, response));

  /** @returns the proxy's address. */
  async start(): Promise<string> {
    this.server.on('connection', (socket) => {
      if (this.isCut) socket.destroy();
    });
    this.server.unref().listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Breaks all connections and refuses new ones until `repair`. */
  cut(): void {
    this.isCut = true;
    this.server.closeAllConnections();
  }

  repair(): void {
    this.isCut = false;
    this.isHolding = false;
    this.isBreakingAtAnswer = false;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private forward(request: IncomingMessage, response: ServerResponse): void {
    const { method, headers } = request;
    let bytes = 0;
    const forwarded = sendRequest(request.url ?? '', { method, headers }, (answer) => {
      if (this.isBreakingAtAnswer && bytes > uploadBytes) {
        this.cut();
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      forwarded.write(chunk);
      if (!this.isHolding || bytes <= uploadBytes) return;
      this.heldUploads += 1;
      request.pause();
    });
    request.on('end', () => forwarded.end());
    response.on('close', () => forwarded.destroy());
    forwarded.on('error', () => response.destroy());
    request.on('error', () => forwarded.destroy());
  }
}
