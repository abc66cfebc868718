import type { Json } from '../../schemas/json.ts';
import { checkedHeaders } from '../http/headers.ts';

/** What authorises a request. */
export type HttpCredential =
  | { kind: 'bearer'; token: string }
  | { kind: 'basic'; username: string; password: string }
  | { kind: 'header'; name: string; value: string };

/** Shorter secrets occur in ordinary text by chance; hiding them would spoil the answer and tell their letters. */
const LEAST_SECRET = 6;
const HIDDEN = '[secret]';

/** The header that carries the credential, its name in lower case. Throws TaktError HTTP_HEADER, without the value. */
export function credentialHeader(credential: HttpCredential): Record<string, string> {
  switch (credential.kind) {
    case 'bearer':
      return checkedHeaders({ authorization: `Bearer ${credential.token}` });
    case 'basic':
      return checkedHeaders({ authorization: `Basic ${basic(credential)}` });
    case 'header':
      return checkedHeaders({ [credential.name]: credential.value });
  }
}

/** Gives texts without the credential's secrets: a server may send back what it was sent. */
export function hider(credential: HttpCredential | undefined): (text: string) => string {
  const secrets = credential ? secretsOf(credential).filter((secret) => secret.length >= LEAST_SECRET) : [];
  return (text) => secrets.reduce((hidden, secret) => hidden.replaceAll(secret, HIDDEN), text);
}

const basic = ({ username, password }: { username: string; password: string }): string =>
  Buffer.from(`${username}:${password}`).toString('base64');

function secretsOf(credential: HttpCredential): string[] {
  switch (credential.kind) {
    case 'bearer':
      return [credential.token];
    case 'basic':
      return [basic(credential), credential.password];
    case 'header':
      return [credential.value];
  }
}

const DEEPEST = 64;

/**
 * A JSON value from outside as it may be stored: texts changed by `clean`, without U+0000 and `__proto__`; undefined where it is nested
 * more than 64 levels deep.
 */
export function storable(value: Json, clean: (text: string) => string, depth = 0): Json | undefined {
  if (typeof value === 'string') return clean(value).replaceAll('\0', '\ufffd');
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEEPEST) return undefined;
  if (Array.isArray(value)) {
    const items: Json[] = [];
    for (const item of value) {
      const kept = storable(item, clean, depth + 1);
      if (kept === undefined) return undefined;
      items.push(kept);
    }
    return items;
  }
  const entries: [string, Json][] = [];
  for (const [name, item] of Object.entries(value)) {
    if (name === '__proto__') continue;
    const kept = storable(item, clean, depth + 1);
    if (kept === undefined) return undefined;
    entries.push([clean(name).replaceAll('\0', '\ufffd'), kept]);
  }
  return Object.fromEntries(entries);
}
