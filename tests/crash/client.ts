/** Who uses Takt over HTTP: sends a request until it is taken, always under the same key. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { CAPPED, LEADS, type Order, PEOPLE, workflowsOf } from './load.ts';

/** A request without an answer is given up after so long, and sent again, milliseconds. */
const PATIENCE_MS = 4_000;
const AGAIN_MS = 150;

export class Client {
  readonly #origin: string;
  readonly #key: string;
  /** Ids of the leads by their keys. */
  readonly #leads = new Map<string, string>();
  /** Requests that had to be sent again. */
  repeated = 0;

  constructor(origin: string, key: string) {
    this.#origin = origin;
    this.#key = key;
  }

  /** Makes people and leads, and publishes the workflows. */
  async prepare(outside: string): Promise<void> {
    await this.#send(
      'POST',
      '/api/v1/records/user/bulk',
      [...PEOPLE, ...CAPPED].map((key) => ({ key, name: key })),
    );
    for (const key of LEADS) {
      const lead = await this.#send('POST', '/api/v1/records/lead?onExisting=skip', { key, last_name: key, score: 0 });
      this.#leads.set(key, String(lead.id));
    }
    for (const file of workflowsOf(outside)) {
      await this.#send('PUT', `/api/v1/workflows/${file.id}/draft`, file);
      await this.#send('POST', `/api/v1/workflows/${file.id}/publish`);
    }
  }

  /** Resolves when Takt has said that the order's event is written. */
  async post({ id, kind, lead, shelf }: Order): Promise<void> {
    const record = this.#leads.get(lead) ?? null;
    await this.#send('POST', '/api/v1/events', { type: `drill.${kind}`, key: id, record, data: { order: id, shelf } });
  }

  async answer({ id, lead }: Order): Promise<void> {
    await this.#send('POST', '/api/v1/events', {
      type: 'drill.answer',
      key: id,
      record: this.#leads.get(lead) ?? null,
      data: { order: id },
    });
  }

  /** Throws where Takt refuses for good. */
  async #send(method: string, path: string, body?: Json): Promise<JsonObject> {
    for (;;) {
      const answer = await this.#once(method, path, body);
      if (answer) return answer;
      this.repeated++;
      await pause(AGAIN_MS);
    }
  }

  /** Undefined where it has to be sent again: nobody answered, or Takt says "later". */
  async #once(method: string, path: string, body: Json | undefined): Promise<JsonObject | undefined> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.#origin}${path}`, {
        method,
        headers: { authorization: `Bearer ${this.#key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      text = await response.text();
    } catch {
      // Refused, cut off or silent: what else could it be here?
      return undefined;
    }
    if (response.ok) return text === '' ? {} : Object(JSON.parse(text));
    if (response.status >= 500 || response.status === 429) return undefined;
    throw new Error(`${method} ${path} was refused with ${response.status}: ${text.slice(0, 2_000)}`);
  }
}
