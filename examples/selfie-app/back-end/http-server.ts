import { createServer, type Server } from 'node:http';
import { answer, type ApiDeps } from './api';

/**
 * Serves the app on this machine, only to its own page. A foreign domain that resolves to this machine has another Host (DNS
 * rebinding), and a foreign page has another Origin.
 */
export function createHttpServer(deps: ApiDeps, origin: string): Server {
  return createServer((request, response) => {
    const { method = '', url = '/', headers } = request;
    if (`http://${headers.host ?? ''}` !== origin || (headers.origin ?? origin) !== origin) {
      response.writeHead(403).end(`Open ${origin}/ instead.`);
      return;
    }
    answer({ method, path: url, cookies: headers.cookie ?? '' }, deps).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      (error: unknown) => {
        console.error(error);
        response.writeHead(500).end();
      },
    );
  });
}
