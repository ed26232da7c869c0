import { createServer, type Server } from 'node:http';
import { answer, type ApiDeps } from './api';

/** Serves the app on this machine. */
export function createHttpServer(deps: ApiDeps): Server {
  return createServer((request, response) => {
    const { method = '', url = '/', headers } = request;
    answer({ method, path: url, cookies: headers.cookie ?? '' }, deps).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      (error: unknown) => {
        console.error(error);
        response.writeHead(500).end();
      },
    );
  });
}
