import { RE2JS, RE2JSException } from 're2js';
import { TaktError } from '../errors/index.ts';
import { charge, exhausted } from './budget.ts';
import { Native } from './callable.ts';
import { fail } from './failure.ts';
import { newObject } from './values.ts';

/** One match, with offsets in UTF-16 units. `next` finds the following one. */
export interface Match {
  match: string;
  start: number;
  end: number;
  groups: (string | undefined)[];
  next: () => Match | undefined;
}

const SPACES = '\\t\\n\\x0b\\f\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}';
const MAX_PATTERN = 1_000;
/** Instructions of a compiled pattern. Repetitions multiply them, and each costs time at every character. */
const MAX_PROGRAM = 2_000;

function refused(pattern: string, message: string, hint: string, position: number | undefined): TaktError {
  const column = position === undefined ? {} : { column: Math.max(position, 1) };
  return new TaktError('EXPR_REFUSED', { message: `The regular expression /${pattern.slice(0, 100)}/ ${message}`, hint, ...column });
}

/** JavaScript's syntax in RE2's: the wider white space, the narrower dot, `\uXXXX`, `\cX`, `\/`. */
function translate(pattern: string): string {
  let out = '';
  let inClass = false;
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern.charAt(index);
    if (character === '\\') {
      const escaped = pattern.charAt(++index);
      const rest = pattern.slice(index + 1);
      const hex = escaped === 'u' ? /^[0-9a-fA-F]{4}/.exec(rest)?.[0] : undefined;
      if (hex !== undefined) {
        out += `\\x{${hex}}`;
        index += 4;
      } else if (escaped === 's') out += inClass ? SPACES : `[${SPACES}]`;
      else if (escaped === 'S' && !inClass) out += `[^${SPACES}]`;
      else if (escaped === 'v') out += '\\x0b';
      else if (escaped === '0') out += '\\x00';
      else if (escaped === 'b' && inClass) out += '\\x08';
      else if (/[A-Za-z0-9]/.test(escaped)) out += `\\${escaped}`;
      else out += /[\w\s]/.test(escaped) || escaped > '\u007f' ? escaped : `\\${escaped}`;
    } else if (inClass) {
      if (character === ']') inClass = false;
      out += character === '[' ? '\\[' : character;
    } else if (character === '[') {
      if (pattern.startsWith('[^]', index)) {
        out += '(?s:.)';
        index += 2;
      } else if (pattern.startsWith('[]', index)) {
        out += '[^\\x00-\\x{10ffff}]';
        index += 1;
      } else {
        inClass = true;
        out += character;
      }
    } else if (character === '.') out += '[^\\n\\r\\x{2028}\\x{2029}]';
    else if (character === '(' && /^\(\?<[A-Za-z_]/.test(pattern.slice(index, index + 4))) {
      out += '(?P<';
      index += 2;
    } else out += character;
  }
  return out;
}

/** A regular expression compiled for matching in linear time. Throws TaktError EXPR_REFUSED. */
export function compilePattern(pattern: string, flags: string, position: number | undefined): RE2JS {
  if (pattern.length > MAX_PATTERN) {
    throw refused(pattern, `is longer than ${MAX_PATTERN} characters`, 'Split it into several shorter ones.', position);
  }
  const bare = pattern.replace(/\\[\s\S]/g, (escaped) => (/\\[1-9k]/.test(escaped) ? '\u0000' : '')).replace(/\[[^\]]*\]/g, '');
  if (/\(\?(?:=|!|<=|<!)/.test(bare)) {
    throw refused(pattern, 'looks ahead or behind', 'Match the surroundings too and use a group for the part you need.', position);
  }
  if (bare.includes('\u0000')) {
    throw refused(pattern, 'refers back to a group', 'Compare the groups of the match with = instead.', position);
  }
  try {
    const options = (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) | (flags.includes('m') ? RE2JS.MULTILINE : 0);
    const compiled = RE2JS.compile(translate(pattern), options);
    if (compiled.programSize() <= MAX_PROGRAM) return compiled;
  } catch (thrown) {
    if (!(thrown instanceof RE2JSException)) throw thrown;
    throw refused(pattern, `cannot be used: ${thrown.message}`, 'Write it without that construct.', position);
  }
  throw refused(pattern, 'is too large', 'Repeat fewer things inside each other.', position);
}

/** Searches of one text, one after the other. */
interface Search {
  matcher: ReturnType<RE2JS['matcher']>;
  /** What they have cost at most, had each read to the end: characters by instructions, as charged. */
  read: number;
  until: number;
}

const LONGEST_MS = 15;
/** Cost of searches that need no clock: 20 to 35 ns were measured for one, so at most 7 ms. */
const UNTIMED = 200_000;

/** A regular expression as a value: a function from a text to its first match. */
export class Pattern extends Native {
  readonly compiled: RE2JS;
  readonly source: string;
  readonly position: number | undefined;
  /** What one character costs: the automaton may touch every instruction. */
  private readonly cost: number;

  constructor(compiled: RE2JS, source: string, position: number | undefined) {
    super(
      (args) => this.asObject(typeof args[0] === 'string' ? this.first(args[0], typeof args[1] === 'number' ? args[1] : 0) : undefined),
      2,
    );
    this.compiled = compiled;
    this.source = source;
    this.position = position;
    this.cost = compiled.programSize() / 8 + 1;
  }

  /** Is there a match anywhere? */
  test(text: string): boolean {
    charge(Math.ceil((text.length * this.cost) / 4) + 4);
    return this.compiled.test(text);
  }

  first(text: string, from = 0): Match | undefined {
    charge(Math.ceil(text.length * this.cost) + 4);
    return this.search(text, from, { matcher: this.compiled.matcher(text), read: 0, until: performance.now() + LONGEST_MS });
  }

  private search(text: string, from: number, state: Search): Match | undefined {
    const { matcher } = state;
    charge(12);
    state.read += (text.length - from) * this.cost;
    if (from > text.length || !matcher.find(from)) return undefined;
    const start = matcher.start();
    const end = matcher.end();
    charge((end - from) >> 2);
    const groups: (string | undefined)[] = [];
    for (let group = 1; group <= matcher.groupCount(); group++) groups.push(matcher.group(group) ?? undefined);
    const next = () => {
      if (end >= text.length) return undefined;
      // One search is linear, but a pattern can make every one of many searches read to the end. How far a search reads is
      // not told, so the clock is the net under the steps: a hundred thousand searches of ordinary patterns take 20 ms. It is not asked
      // where little can have been read: a machine that stands still for a moment says nothing against a pattern.
      if (state.read > UNTIMED && performance.now() > state.until) exhausted('the regular expression takes too long on this text');
      const following = this.search(text, end, state);
      if (following !== undefined && following.match === '')
        fail('D1004', { value: this.source, ...(this.position === undefined ? {} : { position: this.position }) });
      return following;
    };
    return { match: text.slice(start, end), start, end, groups, next };
  }

  private asObject(found: Match | undefined): unknown {
    if (found === undefined) return undefined;
    const { match, start, end, groups, next } = found;
    return Object.assign(newObject(), { match, start, end, groups, next: new Native(() => this.asObject(next()), 0) });
  }
}
