import { TaktError } from '../../engine/index.ts';

/** What an API key may be allowed to do. `admin` includes all the others. */
export const SCOPES = [
  'workflows:read',
  'workflows:write',
  'workflows:publish',
  'runs:read',
  'runs:write',
  'records:read',
  'records:write',
  'events:read',
  'events:write',
  'mailbox:read',
  'metrics:read',
  'admin',
] as const;
export type Scope = (typeof SCOPES)[number];

export const covers = (granted: readonly string[], needed: Scope): boolean => granted.includes(needed) || granted.includes('admin');

/** The names as scopes, each once. Throws SCOPE_UNKNOWN_NAME. */
export function readScopes(names: readonly string[]): Scope[] {
  return [...new Set(names)].map((name) => {
    const scope = SCOPES.find((known) => known === name);
    if (scope) return scope;
    throw new TaktError('SCOPE_UNKNOWN_NAME', {
      message: `There is no scope "${name.slice(0, 50)}".`,
      hint: `Scopes: ${SCOPES.join(', ')}.`,
    });
  });
}
