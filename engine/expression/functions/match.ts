import { allowLength, charge, chargeText } from '../budget.ts';
import { handed, invoke } from '../callable.ts';
import { fail } from '../failure.ts';
import { type Match, Pattern } from '../regex.ts';
import { newSequence, push } from '../sequence.ts';
import { Callable, isObject, newObject } from '../values.ts';
import { define, type Functions } from './define.ts';
import { splitByText } from './string.ts';

type Text = string | undefined;

/** The first match of a regular expression, or of a function that behaves as one (start, end, groups, next). */
function firstMatch(matcher: Callable, text: string): Match | undefined {
  return matcher instanceof Pattern ? matcher.first(text) : asMatch(invoke(matcher, [text]));
}

function asMatch(found: unknown): Match | undefined {
  if (found === undefined) return undefined;
  if (!isObject(found)) return fail('T1010');
  const { match, start, end, groups, next } = found;
  if (!(typeof start === 'number' || end === 'number' || Array.isArray(groups) || next instanceof Callable)) return fail('T1010');
  return {
    match: String(match),
    start: Number(start),
    end: Number(end),
    groups: Array.isArray(groups) ? groups.map((group) => (group === undefined ? undefined : String(group))) : [],
    next: () => asMatch(invoke(next, [])),
  };
}

function contains(text: Text, token: string | Callable | undefined): boolean | undefined {
  if (text === undefined || token === undefined) return undefined;
  chargeText(text);
  if (typeof token === 'string') return text.includes(token);
  return token instanceof Pattern ? token.test(text) : firstMatch(token, text) !== undefined;
}

function match(text: Text, matcher: Callable, limit: number | undefined): unknown {
  if (text === undefined) return undefined;
  if (limit !== undefined && limit < 0) fail('D3040', { value: limit, index: 3 });
  const found = newSequence();
  if (limit !== undefined && limit <= 0) return found;
  let next = firstMatch(matcher, text);
  while (next !== undefined && (limit === undefined || found.length < limit)) {
    push(found, Object.assign(newObject(), { match: next.match, index: next.start, groups: next.groups }));
    next = next.next();
  }
  return found;
}

function split(text: Text, separator: string | Callable | undefined, limit: number | undefined): unknown {
  if (text === undefined) return undefined;
  if (limit !== undefined && limit < 0) fail('D3020', { value: limit, index: 3 });
  if (limit !== undefined && limit <= 0) return [];
  if (separator === undefined) return [text];
  if (typeof separator === 'string') return splitByText(text, separator, limit);
  const parts: string[] = [];
  let start = 0;
  let next = firstMatch(separator, text);
  if (next === undefined) return [text];
  while (next !== undefined && (limit === undefined || parts.length < limit)) {
    push(parts, text.slice(start, next.start));
    start = next.end;
    next = next.next();
  }
  if (limit === undefined || parts.length < limit) push(parts, text.slice(start));
  return parts;
}

/** Text put together from pieces, refused as soon as it grows too long. */
class Pieces {
  private readonly pieces: string[] = [];
  private length = 0;

  add(piece: string): void {
    this.length += piece.length;
    allowLength(this.length > 64 ? this.length : 0);
    this.pieces.push(piece);
  }

  toString(): string {
    return this.pieces.join('');
  }
}

function replace(
  text: Text,
  pattern: string | Callable | undefined,
  replacement: string | Callable | undefined,
  limit: number | undefined,
): Text {
  if (text === undefined) return undefined;
  if (pattern === '') fail('D3010', { value: pattern, index: 2 });
  if (limit !== undefined && limit < 0) fail('D3011', { value: limit, index: 4 });
  if (pattern === undefined || (limit !== undefined && limit <= 0)) return text;
  return typeof pattern === 'string' ? replaceText(text, pattern, replacement, limit) : replaceMatches(text, pattern, replacement, limit);
}

function replaceText(text: string, pattern: string, replacement: string | Callable | undefined, limit: number | undefined): string {
  chargeText(text);
  const parts = text.split(pattern);
  charge(parts.length);
  const taken = Math.min(parts.length - 1, limit === undefined ? Number.POSITIVE_INFINITY : Math.ceil(limit));
  const by = typeof replacement === 'string' ? replacement : String(replacement);
  allowLength(text.length + taken * (by.length - pattern.length));
  return (
    parts.slice(0, taken + 1).join(by) +
    parts
      .slice(taken + 1)
      .map((part) => pattern + part)
      .join('')
  );
}

function replaceMatches(text: string, pattern: Callable, replacement: string | Callable | undefined, limit: number | undefined): string {
  const result = new Pieces();
  let position = 0;
  let count = 0;
  let next = firstMatch(pattern, text);
  while (next !== undefined && (limit === undefined || count < limit)) {
    result.add(text.slice(position, next.start));
    const by: unknown = typeof replacement === 'string' ? expand(replacement, next) : callReplacement(replacement, next);
    if (typeof by !== 'string') return fail('D3012', { value: by });
    result.add(by);
    position = next.start + next.match.length;
    count++;
    next = next.next();
  }
  result.add(text.slice(position));
  return result.toString();
}

function callReplacement(replacement: Callable | undefined, found: Match): unknown {
  if (replacement === undefined) return undefined;
  const { match: whole, start, end, groups } = found;
  return invoke(replacement, handed(replacement, Object.assign(newObject(), { match: whole, start, end, groups }), undefined, undefined));
}

/** Fills $1, $2 … by the groups of a match, $0 by the match and $$ by a dollar sign. */
function expand(replacement: string, found: Match): string {
  if (!replacement.includes('$')) return replacement;
  const result = new Pieces();
  const count = found.groups.length;
  const digits = count === 0 ? 1 : Math.floor(Math.log10(count)) + 1;
  let position = 0;
  for (let dollar = replacement.indexOf('$'); dollar !== -1; dollar = replacement.indexOf('$', position)) {
    result.add(replacement.slice(position, dollar));
    position = dollar + 1;
    const following = replacement.charAt(position);
    if (following === '$') {
      result.add('$');
      position++;
      continue;
    }
    if (following === '0') {
      result.add(found.match);
      position++;
      continue;
    }
    let group = Number.parseInt(replacement.slice(position, position + digits), 10);
    if (digits > 1 && group > count) group = Number.parseInt(replacement.slice(position, position + digits - 1), 10);
    if (Number.isNaN(group)) {
      result.add('$');
      continue;
    }
    result.add(found.groups[group - 1] ?? '');
    position += String(group).length;
  }
  result.add(replacement.slice(position));
  return result.toString();
}

export const matchFunctions: Functions = {
  contains: define('<s-(sf):b>', 2, contains),
  match: define('<s-f<s:o>n?:a<o>>', 3, match),
  split: define('<s-(sf)n?:a<s>>', 3, split),
  replace: define('<s-(sf)(sf)n?:s>', 4, replace),
};
