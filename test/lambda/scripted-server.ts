import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { listenOnLoopback, readBody } from 'loopback-server/loopback-server';

/** A request that the server got. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** How the server answers one request: with a status and a body, or by hand. */
export type Reply =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: unknown }
  | ((response: ServerResponse) => void);

/** A real HTTP server on loopback that answers from a script and keeps what it was asked. */
export interface ScriptedServer {
  readonly url: string;
  readonly requests: SeenRequest[];
  /** Answers the next requests so, one reply each; the last one answers all that follow. */
  replyWith(...replies: Reply[]): void;
  close(): Promise<void>;
}

export async function startScriptedServer(): Promise<ScriptedServer> {
  const requests: SeenRequest[] = [];
  let script: Reply[] = [];
  const server = await listenOnLoopback((request, response) => {
    const answer = (body: Buffer): void => {
      requests.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body });
      const reply = script.length > 1 ? script.shift() : script[0];
      if (reply === undefined) throw new Error('The server was asked and no reply was planned');
      if (typeof reply === 'function') {
        reply(response);
        return;
      }
      const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {});
      response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
      response.end(text);
    };
    readBody(request, 10_000_000).then(answer, () => {
      // The caller gave its request up: it is not one that the server got.
      response.destroy();
    });
  });
  return {
    url: server.url,
    requests,
    replyWith: (...replies) => {
      script = replies;
    },
    close: () => server.close(),
  };
}
