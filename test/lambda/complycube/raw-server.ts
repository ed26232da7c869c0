import { type AddressInfo, createServer, type Socket } from 'node:net';

/** What a raw server does with its connections. */
export interface RawBehaviour {
  /** Called when the headers of a request have arrived. @param call counts requests over all connections, from 1. */
  readonly onHeaders?: (socket: Socket, call: number) => void;
  /** Called when a whole request has arrived. */
  readonly onRequest?: (socket: Socket, call: number, body: string) => void;
}

/** A server on loopback that writes whatever bytes a test wants, HTTP or not. */
export interface RawServer {
  readonly url: string;
  /** Every connection, open or closed, in order. */
  readonly sockets: Socket[];
  close(): Promise<void>;
}

export async function startRawServer({ onHeaders, onRequest }: RawBehaviour): Promise<RawServer> {
  const sockets: Socket[] = [];
  let calls = 0;
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    let seen = '';
    let headed: { readonly call: number; readonly bodyAt: number; readonly end: number } | undefined;
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      seen += chunk;
      for (;;) {
        if (headed === undefined) {
          const at = seen.indexOf('\r\n\r\n');
          if (at === -1) return;
          const length = Number(/content-length: (\d+)/i.exec(seen.slice(0, at))?.[1] ?? 0);
          headed = { call: ++calls, bodyAt: at + 4, end: at + 4 + length };
          onHeaders?.(socket, headed.call);
        }
        if (seen.length < headed.end) return;
        const { call, bodyAt, end } = headed;
        const body = seen.slice(bodyAt, end);
        seen = seen.slice(end);
        headed = undefined;
        onRequest?.(socket, call, body);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sockets,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A whole answer as it is on the wire. */
export function rawAnswer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const lines = Object.entries({ 'content-length': String(Buffer.byteLength(text)), ...headers });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `HTTP/1.1 ${status} Status\r\n${head}\r\n${text}`;
}
