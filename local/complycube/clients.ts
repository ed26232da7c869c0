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

/** The clients of one account: those created by a call, and those that the stand-in was told of when it started. */
export class Clients {
  readonly #created = new Map<string, Client>();
  readonly #isKnownClient: (clientId: string) => boolean;
  readonly #startedAt = new Date().toISOString();

  constructor(isKnownClient: (clientId: string) => boolean) {
    this.#isKnownClient = isKnownClient;
  }

  find(id: string): Client | undefined {
    const told = () => ({ id, type: 'person' as const, createdAt: this.#startedAt, updatedAt: this.#startedAt });
    return this.#created.get(id) ?? (this.#isKnownClient(id) ? told() : undefined);
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

  /** Lets a client exist from now on, as if it had been created elsewhere. */
  add(id: string): void {
    const now = new Date().toISOString();
    this.#created.set(id, { id, type: 'person', createdAt: now, updatedAt: now });
  }
}
