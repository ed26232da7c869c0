import { randomBytes } from 'node:crypto';
import { invalidRequest, notImplemented } from './api-error';
import { isRecord } from './json-body';

/** A client as ComplyCube answers it (API reference, The Client object). */
export interface Client {
  id: string;
  type: 'person';
  createdAt: string;
  updatedAt: string;
}

/** The clients of one account: those created by a call, and those that exist by the stand-in's options. */
export class Clients {
  readonly #created = new Map<string, Client & { existsFromMs?: number }>();
  readonly #isKnownClient: (clientId: string) => boolean;
  readonly #startedAt = new Date().toISOString();

  constructor(isKnownClient: (clientId: string) => boolean) {
    this.#isKnownClient = isKnownClient;
  }

  find(id: string): Client | undefined {
    const created = this.#created.get(id);
    if (created !== undefined) {
      const { existsFromMs = 0, ...client } = created;
      return existsFromMs <= performance.now() ? client : undefined;
    }
    const known: Client = { id, type: 'person', createdAt: this.#startedAt, updatedAt: this.#startedAt };
    return this.#isKnownClient(id) ? known : undefined;
  }

  /**
   * Creates a person from the body of `POST /clients`; what else the body says of the person is kept as it is.
   * @throws ApiError 400 naming what is missing; 501 for a company.
   */
  create(body: unknown): Client {
    if (!isRecord(body)) throw invalidRequest('The body must be a JSON object');
    if (body['type'] === 'company') throw notImplemented('POST /clients for a company');
    if (body['type'] !== 'person') throw invalidRequest("'type' must be `person` or `company`", 'type');
    if (typeof body['email'] !== 'string') throw invalidRequest("'email' must be provided", 'email');
    if (!isRecord(body['personDetails'])) {
      throw invalidRequest("'personDetails' must be provided when client type is `person`", 'personDetails');
    }
    for (const name of ['firstName', 'lastName']) {
      if (typeof body['personDetails'][name] === 'string') continue;
      throw invalidRequest(`'personDetails.${name}' must be provided`, `personDetails.${name}`);
    }
    const now = new Date().toISOString();
    const id = randomBytes(12).toString('hex');
    const client: Client = { ...body, id, type: 'person', createdAt: now, updatedAt: now };
    this.#created.set(id, client);
    return client;
  }

  /** Adds a client that was created elsewhere. Until `afterMs` have passed it does not exist, whatever the options say. */
  add(id: string, afterMs: number): void {
    const createdAt = new Date(Date.now() + afterMs).toISOString();
    const existsFromMs = performance.now() + afterMs;
    this.#created.set(id, { id, type: 'person', createdAt, updatedAt: createdAt, existsFromMs });
  }
}
