/**
 * The one catalogue of coded errors. Every area keeps its entries in a file of its own; this file joins them.
 * A code is stable: clients branch on it. Texts may change.
 */
import { assignmentErrors } from './assignment.ts';
import { cliErrors } from './cli.ts';
import { coreErrors } from './core.ts';
import { decidingErrors } from './deciding.ts';
import { evaluationErrors } from './evaluation.ts';
import { expressionErrors } from './expression.ts';
import { forecastErrors } from './forecast.ts';
import { healthErrors } from './health.ts';
import { homeErrors } from './home.ts';
import { httpErrors } from './http.ts';
import { learningErrors } from './learning.ts';
import { nodeErrors } from './node.ts';
import { recordErrors } from './record.ts';
import { runErrors } from './run.ts';
import { simulationErrors } from './simulation.ts';
import { storeErrors } from './store.ts';
import { timeErrors } from './time.ts';
import { workflowErrors } from './workflow.ts';

export const ERRORS = {
  ...coreErrors,
  ...assignmentErrors,
  ...cliErrors,
  ...decidingErrors,
  ...forecastErrors,
  ...healthErrors,
  ...homeErrors,
  ...httpErrors,
  ...learningErrors,
  ...nodeErrors,
  ...evaluationErrors,
  ...expressionErrors,
  ...recordErrors,
  ...runErrors,
  ...simulationErrors,
  ...storeErrors,
  ...timeErrors,
  ...workflowErrors,
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** Where an error happened. `pointer` is a JSON pointer into the document that was given. */
export interface ErrorPlace {
  pointer?: string;
  node?: string;
  line?: number;
  column?: number;
  field?: string;
}

export interface ErrorOptions extends ErrorPlace {
  /** The particulars: what exactly was found. Falls back to the catalogue's title. */
  message?: string;
  /** Replaces the catalogue's hint where a better way out is known. */
  hint?: string;
  cause?: unknown;
  /** Several problems found at once (validation). */
  errors?: readonly TaktError[];
  /** May the same work succeed later without a change (time-outs, locks)? Default false. */
  transient?: boolean;
  /** With `transient`: the other side said when to come back, milliseconds. */
  retryAfterMs?: number;
}

/** The plain-data form of an error, as stored in steps and sent by the API. */
export interface ErrorData extends ErrorPlace {
  code: string;
  message: string;
  hint?: string;
  errors?: ErrorData[];
}

/** Is it a code of the catalogue? Of errors that come from elsewhere: another thread, a table. */
export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code);

/** Every error that Takt raises on purpose: a code of the catalogue, where it happened and what to do. */
export class TaktError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly title: string;
  readonly hint: string;
  readonly place: ErrorPlace;
  readonly errors: readonly TaktError[];
  readonly transient: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, options: ErrorOptions = {}) {
    const entry = ERRORS[code];
    super(options.message ?? entry.title, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'TaktError';
    this.code = code;
    this.status = entry.status;
    this.title = entry.title;
    this.hint = options.hint ?? entry.hint;
    const { pointer, node, line, column, field } = options;
    this.place = Object.fromEntries(Object.entries({ pointer, node, line, column, field }).filter(([, value]) => value !== undefined));
    this.errors = options.errors ?? [];
    this.transient = options.transient ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }

  /** The same error, told with a place that the thrower could not know. Places already known win. */
  at(place: ErrorPlace): TaktError {
    const moved = new TaktError(this.code, {
      ...place,
      ...this.place,
      message: this.message,
      hint: this.hint,
      cause: this.cause,
      errors: this.errors,
      transient: this.transient,
      retryAfterMs: this.retryAfterMs,
    });
    moved.stack = this.stack;
    return moved;
  }

  toData(): ErrorData {
    return {
      code: this.code,
      message: storable(this.message),
      hint: storable(this.hint),
      ...Object.fromEntries(Object.entries(this.place).map(([name, value]) => [name, typeof value === 'string' ? storable(value) : value])),
      ...(this.errors.length > 0 ? { errors: this.errors.map((error) => error.toData()) } : {}),
    };
  }
}

/** Texts of others, or cut in the middle of a character, may hold what the database refuses: the error would then fail to be written down. */
const storable = (text: string): string => text.replaceAll('\u0000', '\ufffd').toWellFormed();

/** Any thrown value as a TaktError; what is not ours becomes INTERNAL and keeps its cause. */
export function asTaktError(thrown: unknown): TaktError {
  if (thrown instanceof TaktError) return thrown;
  return new TaktError('INTERNAL', { message: plainMessage(thrown), cause: thrown });
}

/** A failed query's own message holds the values of the rows; the database's, which is its cause, does not. */
function plainMessage(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown.message.startsWith('Failed query:')) return thrown.cause === undefined ? 'A query failed.' : plainMessage(thrown.cause);
  return thrown.message;
}
