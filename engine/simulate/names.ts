import type { Json, JsonObject } from '../../schemas/json.ts';
import { TaktError } from '../errors/index.ts';
import { didYouMean } from '../schema/nearest.ts';

const NAME = /^@[A-Za-z][A-Za-z0-9_-]{0,62}$/;

/** Names that the files give to records, so that they can speak of them before their ids exist. */
export class Names {
  readonly #ids = new Map<string, string>();
  readonly #names = new Map<string, string>();

  /** @param name without the @ */
  give(name: string, id: string): void {
    this.#ids.set(name, id);
    if (!this.#names.has(id)) this.#names.set(id, name);
  }

  /** @param name without the @; throws SIMULATION_NAME_UNKNOWN */
  idOf(name: string): string {
    const id = this.#ids.get(name);
    if (id !== undefined) return id;
    const hint = didYouMean(name, this.#ids.keys());
    throw new TaktError('SIMULATION_NAME_UNKNOWN', { message: `No record is called @${name} so far.`, ...(hint && { hint }) });
  }

  nameOf(id: string): string | undefined {
    return this.#names.get(id);
  }

  /** The value with ids for names. Throws SIMULATION_NAME_UNKNOWN. */
  resolve(value: JsonObject): JsonObject;
  resolve(value: Json): Json;
  resolve(value: Json): Json {
    return mapTexts(value, (text) => {
      const name = nameIn(text);
      if (name !== undefined) return this.idOf(name);
      return text.startsWith('@@') ? text.slice(1) : text;
    });
  }

  /** The value with names for ids, for people to read. */
  restore(value: Json): Json {
    return mapTexts(value, (text) => {
      const name = this.#names.get(text);
      return name === undefined ? text : `@${name}`;
    });
  }
}

/** The name that a text stands for, without the @. */
export const nameIn = (text: string): string | undefined => (NAME.test(text) ? text.slice(1) : undefined);

function mapTexts(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)]));
}
