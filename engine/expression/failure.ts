import { TaktError } from '../errors/index.ts';
import { describeFailure } from './messages.ts';

export interface FailureDetails {
  /** Offset of the end of the token in the source, which is the column (from 1) of its last character. */
  position?: number;
  /** The operator or function. */
  token?: string;
  value?: unknown;
  value2?: unknown;
  index?: number;
  type?: string;
  exp?: number;
  functionName?: string;
  /** The text given to $error or $assert; what is wrong with a calendar. */
  text?: string;
  /** The way out, where one is known. */
  hint?: string;
  cause?: unknown;
}

/** An error of the language with JSONata's code. Becomes a TaktError at the edge, which keeps it as cause. */
export class Failure extends Error {
  readonly code: string;
  readonly details: FailureDetails;
  position: number | undefined;
  token: string | undefined;

  constructor(code: string, details: FailureDetails = {}) {
    super(code, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'Failure';
    this.code = code;
    this.details = details;
    this.position = details.position;
    this.token = details.token;
  }
}

export function fail(code: string, details?: FailureDetails): never {
  throw new Failure(code, details);
}

/** An error that happened inside a call learns which call. What the inner one knows wins. */
export function locate(thrown: unknown, position: number | undefined, token: string | undefined): unknown {
  if (thrown instanceof Failure) {
    thrown.position ??= position;
    thrown.token ??= token;
  }
  return thrown;
}

/** What left the evaluator, as a TaktError. A full stack is a budget used up: the process lives on. */
export function toEvaluationError(thrown: unknown): TaktError {
  if (thrown instanceof TaktError) return thrown;
  if (thrown instanceof Failure) {
    return new TaktError('EXPR_RUNTIME', {
      message: `${thrown.code}: ${describeFailure(thrown)}`,
      cause: thrown,
      ...(thrown.details.hint === undefined ? {} : { hint: thrown.details.hint }),
      ...(thrown.position === undefined ? {} : { column: Math.max(thrown.position, 1) }),
    });
  }
  if (thrown instanceof RangeError) {
    return new TaktError('EXPR_BUDGET', { message: 'The expression used up its budget: nested too deeply', cause: thrown });
  }
  return new TaktError('INTERNAL', { message: thrown instanceof Error ? thrown.message : String(thrown), cause: thrown });
}
