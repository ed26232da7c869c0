import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiAnswer } from './api-answer';

/** Where the files of the page are. */
export interface Page {
  readonly folder: string;
  /** The file of `complycube-live-photos/browser`. */
  readonly browserModule: string;
}

const types = { html: 'text/html; charset=utf-8', css: 'text/css', mjs: 'text/javascript' } as const;

/** The page may load its own files, and post forms to S3. */
const policy =
  "default-src 'self'; connect-src 'self' https: http://127.0.0.1:*; worker-src blob:; img-src 'self' blob:; frame-ancestors 'none'";

/** @returns the file of the page at this path. Undefined if there is none. */
export function readPageFile(path: string, { folder, browserModule }: Page): ApiAnswer | undefined {
  switch (path) {
    case '/':
      return answerWith(join(folder, 'index.html'), 'html');
    case '/style.css':
      return answerWith(join(folder, 'style.css'), 'css');
    case '/app.mjs':
      return answerWith(join(folder, 'app.mjs'), 'mjs');
    case '/browser.mjs':
      return answerWith(browserModule, 'mjs');
    default:
      return undefined;
  }
}

function answerWith(file: string, type: keyof typeof types): ApiAnswer {
  const headers = {
    'content-type': types[type],
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
  };
  return { status: 200, headers, body: readFileSync(file, 'utf8') };
}
