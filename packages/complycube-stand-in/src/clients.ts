import { randomBytes } from 'node:crypto';
import { invalidRequest, notImplemented } from './answer';
import { isRecord } from './json-body';

/** A client (ComplyCube's API reference, The Client object). */
export interface Client {
  id: string;
  type: 'person';
  createdAt: string;
  updatedAt: string;
}

/** The clients of one account: created clients, and those that exist by the stand-in's options. */
export class Clients {
  readonly #created = new Map<string, Client & { existsFromMs?: number }>();
  readonly #startedAt = new Date().toISOString();

  constructor(
    private readonly isKnownClient: (clientId: string) => boolean,
    private readonly nowMs: () => number,
  ) {}

  find(id: string): Client | undefined {
    const created = this.#created.get(id);
    if (created !== undefined) {
      const { existsFromMs = -Infinity, ...client } = created;
      return existsFromMs <= this.nowMs() ? client : undefined;
    }
    const known: Client = { id, type: 'person', createdAt: this.#startedAt, updatedAt: this.#startedAt };
    return this.isKnownClient(id) ? known : undefined;
  }

  /**
   * Creates a person from the body of `POST /clients`. Other properties of the body are stored unchanged.
   * @throws ApiError 400 with the name of the missing property; 501 for a company.
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

  /** Adds a client that exists after `afterMs`, and not before, whatever the options say. */
  add(id: string, afterMs: number): void {
    const createdAt = new Date(Date.now() + afterMs).toISOString();
    const existsFromMs = this.nowMs() + afterMs;
    this.#created.set(id, { id, type: 'person', createdAt, updatedAt: createdAt, existsFromMs });
  }
}
