/** How things look in a terminal. */
import { styleText } from 'node:util';
import Table from 'cli-table3';
import { asTaktError, type ErrorData } from '../../engine/errors/index.ts';
import type { Author, CauseChain } from '../../engine/store/schema.ts';
import { troubleOf } from '../../engine/store/trouble.ts';
import type { Io } from './io.ts';

/** Wider cells make a table unreadable; `--json` has everything. */
const CELL = 60;

const TINTS: Readonly<Record<string, Tint>> = {
  done: 'green',
  sent: 'green',
  active: 'green',
  failed: 'red',
  dead: 'red',
  refused: 'red',
  waiting: 'yellow',
  pending: 'yellow',
  paused: 'yellow',
  cancelled: 'gray',
};

export function showJson(io: Io, value: unknown): void {
  io.out(JSON.stringify(value, null, 2));
}

/** A table, or a sentence where there is nothing to show. Known states are tinted. */
export function showTable(io: Io, head: readonly string[], lines: readonly (readonly unknown[])[], empty: string): void {
  if (lines.length === 0) {
    io.out(empty);
    return;
  }
  const table = new Table({
    head: head.map((name) => (io.color ? styleText('bold', name, { validateStream: false }) : name)),
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 2 },
    chars: Object.fromEntries(
      [
        'top',
        'top-mid',
        'top-left',
        'top-right',
        'bottom',
        'bottom-mid',
        'bottom-left',
        'bottom-right',
        'left',
        'left-mid',
        'mid',
        'mid-mid',
        'right',
        'right-mid',
        'middle',
      ].map((part) => [part, '']),
    ),
  });
  for (const line of lines) table.push(line.map((cell) => tinted(io, short(cell))));
  for (const line of table.toString().split('\n')) io.out(line.trimEnd());
}

/** Names and values, one a line. */
export function showFields(io: Io, fields: readonly (readonly [string, unknown])[]): void {
  const known = fields.filter(([, value]) => value !== undefined && value !== null);
  const width = Math.max(0, ...known.map(([name]) => name.length));
  for (const [name, value] of known) io.out(`${dim(io, name.padEnd(width))}  ${tinted(io, textOf(value))}`);
}

export function showTitle(io: Io, title: string): void {
  io.out(io.color ? `\n${styleText('bold', title, { validateStream: false })}` : `\n${title}`);
}

export type Tint = 'green' | 'red' | 'yellow' | 'gray';

export const tint = (io: Io, color: Tint, text: string): string => (io.color ? styleText(color, text, { validateStream: false }) : text);

export const dim = (io: Io, text: string): string => tint(io, 'gray', text);

function tinted(io: Io, text: string): string {
  const color = TINTS[text];
  return color === undefined ? text : tint(io, color, text);
}

/** What comes from records must not move the cursor or recolour the terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

export function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value.replace(CONTROL, '\ufffd');
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null)) return value.map(textOf).join(', ');
  if (typeof value === 'object') return JSON.stringify(value).replace(CONTROL, '\ufffd');
  return String(value);
}

function short(value: unknown): string {
  const line = textOf(value).replace(/\s+/g, ' ');
  return line.length > CELL ? `${line.slice(0, CELL - 1).toWellFormed()}…` : line;
}

/** UTC, to the second: equal on every machine. */
export const moment = (ms: number | null | undefined): string =>
  ms === null || ms === undefined ? '' : new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

/** 850 ms, 12.4 s, 3 min 5 s, 2 h 10 min, 3 d 4 h. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min ${Math.floor((ms % 60_000) / 1_000)} s`;
  if (minutes < 1_440) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.floor(minutes / 1_440)} d ${Math.floor((minutes % 1_440) / 60)} h`;
}

export const count = (n: number): string => n.toLocaleString('en-US');

export function authorText(author: Author): string {
  if (author.kind === 'run') return `run ${author.id} (${author.node})`;
  return `${author.kind} ${author.id}${author.reason === undefined ? '' : `: ${textOf(author.reason)}`}`;
}

/** Oldest first: lead-scoring/set_score → lead-routing/start. */
export const chainText = (chain: CauseChain): string => chain.map(({ workflow, node }) => `${workflow}/${node}`).join(' → ');

/** An error of the catalogue with everything that was found, each place with its way out. */
export function errorLines(error: ErrorData, indent = ''): string[] {
  const { pointer, node, line, column } = error;
  const place = [
    line === undefined ? undefined : `line ${line}${column === undefined ? '' : `, column ${column}`}`,
    pointer === undefined || pointer === '' ? undefined : pointer,
    node === undefined ? undefined : `node ${node}`,
  ].filter((part) => part !== undefined);
  const lines = [`${indent}${place.length > 0 ? `${place.join(', ')}: ` : ''}${textOf(error.message)} [${error.code}]`];
  const inner = error.errors ?? [];
  if (error.hint !== undefined && inner.length === 0) lines.push(`${indent}  ${textOf(error.hint)}`);
  for (const one of inner) lines.push(...errorLines(one, `${indent}  `));
  return lines;
}

/** One clear message with the way out; the stack only where TAKT_DEBUG asks for it. */
export function showError(io: Io, thrown: unknown): void {
  // A database that goes away in the middle of a command is told as such, wherever the command was.
  const error = troubleOf(thrown) ?? asTaktError(thrown);
  const [first = '', ...rest] = errorLines(error.toData());
  io.err(`Error: ${first}`);
  for (const line of rest) io.err(line);
  if (isSet(io.env.TAKT_DEBUG)) {
    for (let cause: unknown = thrown; cause instanceof Error; cause = cause.cause) io.err(cause.stack ?? cause.message);
  } else if (error.code === 'INTERNAL') io.err('  Set TAKT_DEBUG=1 to see where it happened.');
}

const isSet = (value: string | undefined): value is string => value !== undefined && value !== '' && value !== '0';
