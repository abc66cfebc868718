/** Secrets of connectors and hooks: sealed in the database, opened only where they are used. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { TaktError } from '../errors/index.ts';
import type { Ports } from '../runtime/ports.ts';
import { checker } from '../schema/checker.ts';
import { decodeCursor, type Page, pageOf } from './cursor.ts';

const Secret = Type.String({ minLength: 1, maxLength: 4_000 });
const closed = { additionalProperties: false };

/** `bearer`, `basic` and `header` authorise outgoing requests; `webhook` is the shared secret of incoming ones. */
export const Credential = Type.Union([
  Type.Object({ kind: Type.Literal('bearer'), token: Secret }, closed),
  Type.Object({ kind: Type.Literal('basic'), username: Type.String({ maxLength: 400 }), password: Secret }, closed),
  Type.Object({ kind: Type.Literal('header'), name: Type.String({ pattern: '^[A-Za-z0-9-]{1,100}$' }), value: Secret }, closed),
  Type.Object({ kind: Type.Literal('webhook'), secret: Secret }, closed),
]);
export type Credential = Static<typeof Credential>;

export interface CredentialInfo {
  name: string;
  kind: string;
  updatedAt: number;
}

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Before the sealed bytes: what was done to them, so that it can be done otherwise one day. */
const FORMAT = 'v1.';

const isCredential = checker<Credential>(() => Credential);

export class Credentials {
  readonly #ports: Pick<Ports, 'database' | 'clock'>;
  readonly #key: Buffer;

  /** @param key 32 random bytes; throws CREDENTIAL_KEY for anything else */
  constructor(ports: Pick<Ports, 'database' | 'clock'>, key: Uint8Array) {
    if (key.byteLength !== KEY_BYTES) {
      throw new TaktError('CREDENTIAL_KEY', { message: `The secret key has ${key.byteLength} bytes instead of ${KEY_BYTES}.` });
    }
    this.#ports = ports;
    this.#key = Buffer.from(key);
  }

  /** Keeps a credential; one of that name is replaced. */
  async put(name: string, credential: Credential): Promise<CredentialInfo> {
    const info = { name, kind: credential.kind, updatedAt: this.#ports.clock.now() };
    await this.#ports.database.store.upsertCredential({ ...info, sealed: this.#seal(name, JSON.stringify(credential)) });
    return info;
  }

  /** The secret itself, for what is about to use it. Throws CREDENTIAL_UNREADABLE. */
  async open(name: string): Promise<Credential | undefined> {
    const sealed = await this.#ports.database.store.sealedCredential(name);
    return sealed === undefined ? undefined : this.#unseal(name, sealed);
  }

  /** A credential that authorises outgoing requests: what the HTTP connector asks for. */
  async forRequests(name: string): Promise<Exclude<Credential, { kind: 'webhook' }> | undefined> {
    const credential = await this.open(name);
    return credential?.kind === 'webhook' ? undefined : credential;
  }

  /** Names and kinds, never the secrets. Throws CURSOR_INVALID. */
  async page(limit: number, cursor?: string): Promise<Page<CredentialInfo>> {
    const [after] = cursor === undefined ? [] : decodeCursor(cursor, 1);
    return pageOf(await this.#ports.database.store.credentialPage(after, limit + 1), limit, (row) => [row.name]);
  }

  /** Throws CREDENTIAL_NOT_FOUND. */
  async remove(name: string): Promise<void> {
    if (!(await this.#ports.database.store.deleteCredential(name))) {
      throw new TaktError('CREDENTIAL_NOT_FOUND', { message: `There is no credential "${name.slice(0, 100)}".` });
    }
  }

  /** The name is authenticated with the secret: a row that is moved under another name does not open. */
  #seal(name: string, text: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(name));
    const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${FORMAT}${sealed.toString('base64')}`;
  }

  #unseal(name: string, sealed: string): Credential {
    try {
      const bytes = Buffer.from(sealed.slice(FORMAT.length), 'base64');
      const decipher = createDecipheriv(CIPHER, this.#key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
        .setAAD(Buffer.from(name))
        .setAuthTag(bytes.subarray(-TAG_BYTES));
      const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
      const value: unknown = JSON.parse(text);
      if (isCredential(value)) return value;
    } catch (cause) {
      throw new TaktError('CREDENTIAL_UNREADABLE', { message: `The credential "${name}" cannot be opened.`, cause });
    }
    throw new TaktError('CREDENTIAL_UNREADABLE', { message: `The credential "${name}" holds nothing that is known.` });
  }
}
