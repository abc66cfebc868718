/** API keys: made, recognised, revoked. What a scope allows is the API's affair; here scopes are names. */
import { createHash, randomBytes } from 'node:crypto';
import { TaktError } from '../errors/index.ts';
import type { Ports } from '../runtime/ports.ts';
import type { ApiKey } from '../store/queries/keys.ts';
import { isUuid } from '../unit/find.ts';
import { idCursor, type Page, pageOf } from './cursor.ts';

export type { ApiKey } from '../store/queries/keys.ts';

/** `takt_` and 32 random bytes in base64url. */
const FORM = /^takt_[A-Za-z0-9_-]{43}$/;
/** How long an answer of the database may be taken for granted: a key revoked by another process works on for so long at most. */
const CACHE_MS = 5_000;
/** More entries than this would only come from somebody who guesses. */
const CACHE_SIZE = 10_000;
const TOUCH_MS = 60_000;

type KeyPorts = Pick<Ports, 'database' | 'clock' | 'newId' | 'logger'>;

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

export class Keys {
  readonly #ports: KeyPorts;
  readonly #cache = new Map<string, { until: number; key: Promise<ApiKey | undefined> }>();
  readonly #touched = new Map<string, number>();
  readonly #touching = new Set<Promise<void>>();

  constructor(ports: KeyPorts) {
    this.#ports = ports;
  }

  /** @returns the key and its token, which is shown this once and never again */
  async create(name: string, scopes: readonly string[]): Promise<{ key: ApiKey; token: string }> {
    // The system's own generator, never the port for chance: a repeatable secret would be none.
    const token = `takt_${randomBytes(32).toString('base64url')}`;
    const { database, clock, newId } = this.#ports;
    const key: ApiKey = { id: newId(), name, scopes: [...scopes], createdAt: clock.now(), lastUsedAt: null, revokedAt: null };
    await database.store.insertKey({ ...key, hash: hashOf(token) });
    return { key, token };
  }

  /**
   * The valid key of this token. Only its SHA-256 is looked up, through a unique index: with 256 random bits neither a slow hash nor
   * a comparison in constant time would add anything.
   */
  async authenticate(token: string): Promise<ApiKey | undefined> {
    if (!FORM.test(token)) return undefined;
    const key = await this.#lookUp(hashOf(token));
    if (key) this.#touch(key);
    return key;
  }

  /** Newest first. Throws CURSOR_INVALID. */
  async page(limit: number, cursor?: string): Promise<Page<ApiKey>> {
    return pageOf(await this.#ports.database.store.keyPage(idCursor(cursor), limit + 1), limit, (key) => [key.id]);
  }

  /** At once in this process, within five seconds in others. Throws KEY_NOT_FOUND. */
  async revoke(id: string): Promise<ApiKey> {
    const key = isUuid(id) ? await this.#ports.database.store.revokeKey(id, this.#ports.clock.now()) : undefined;
    if (!key) throw new TaktError('KEY_NOT_FOUND', { message: `There is no key ${id.slice(0, 40)}.` });
    this.#cache.clear();
    return key;
  }

  /** Resolves when the uses noted so far are written. */
  async settled(): Promise<void> {
    await Promise.all(this.#touching);
  }

  #lookUp(hash: string): Promise<ApiKey | undefined> {
    const now = this.#ports.clock.now();
    const cached = this.#cache.get(hash);
    if (cached && cached.until > now) return cached.key;
    this.#cache.delete(hash);
    if (this.#cache.size >= CACHE_SIZE) this.#forgetOldest();
    const key = this.#ports.database.store.keyByHash(hash);
    const entry = { until: now + CACHE_MS, key };
    this.#cache.set(hash, entry);
    key.catch(() => {
      if (this.#cache.get(hash) === entry) this.#cache.delete(hash);
    });
    return key;
  }

  #forgetOldest(): void {
    const [oldest] = this.#cache.keys();
    if (oldest !== undefined) this.#cache.delete(oldest);
  }

  /** Notes the use at most once a minute, beside the request. */
  #touch({ id, lastUsedAt }: ApiKey): void {
    const { database, clock, logger } = this.#ports;
    const now = clock.now();
    if (now - (this.#touched.get(id) ?? lastUsedAt ?? 0) < TOUCH_MS) return;
    this.#touched.set(id, now);
    const touching = database.store
      .touchKey(id, now, now - TOUCH_MS)
      .catch((error: unknown) => logger.warn({ key: id, err: error }, 'The last use of an API key could not be noted.'))
      .finally(() => this.#touching.delete(touching));
    this.#touching.add(touching);
  }
}
