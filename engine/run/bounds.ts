/** How much one run may hold and do, so that one that runs away fails and nothing else does. */
import type { Json } from '../../schemas/json.ts';
import { TaktError } from '../errors/index.ts';
import type { NodeResult } from '../node/definition.ts';
import { jsonSize, storableSize } from '../schema/size.ts';
import type { Progress } from './progress.ts';
import { MAX_STATE_BYTES, type RunState, type Token } from './state.ts';

/** Tokens of one run: with the least that one comes to, 100 bytes, a fifth of what it may carry. */
const MAX_TOKENS = 2_000;
/** Bytes of a step's parameters; tables of documents are the largest that are meant. */
const MAX_INPUT_BYTES = 4_000_000;
/** Bytes that leave the house at once; attachments go by the ids of their files. */
const MAX_PAYLOAD_BYTES = 10_000_000;
/** So much may be added before it is counted what the run carries as a whole: small steps do not pay for counting. */
const UNCOUNTED_BYTES = 50_000;

/** What bounds a run cannot be caught: by an error port a cycle would get round its bound. */
export const BOUNDS: ReadonlySet<string> = new Set(['RUN_VISITS', 'RUN_STEPS', 'RUN_BRANCHES', 'RUN_TOO_LARGE']);

/** Throws RUN_BRANCHES. */
export function checkBranches({ tokens }: RunState): void {
  if (tokens.length <= MAX_TOKENS) return;
  throw new TaktError('RUN_BRANCHES', { message: `The run has ${tokens.length} branches at once; ${MAX_TOKENS} are allowed.` });
}

/** @returns about how many bytes the parameters have. Throws STEP_TOO_LARGE, and INPUT_* where they cannot be stored. */
export function checkInput(params: unknown): number {
  return within(storableSize(params, MAX_INPUT_BYTES), MAX_INPUT_BYTES, 'parameters');
}

/** PostgreSQL reads a year of five digits, as JavaScript writes it, for another year: what should be due in 275760 was so in 5760. */
const LAST_MOMENT = Date.parse('9999-12-31T23:59:59.999Z');

/** Throws NODE_TIME. */
export function checkMoment(result: NodeResult): void {
  if (result.kind !== 'wait' || !('until' in result.wait) || result.wait.until === undefined || result.wait.until <= LAST_MOMENT) return;
  throw new TaktError('NODE_TIME', {
    message: 'The wait would end after the year 9999.',
    hint: 'Give an earlier moment, or a shorter time.',
  });
}

/**
 * Counts what the step adds to what the run carries: its output, the values that it sets, what it needs while it waits.
 * @returns about how many bytes that is. Throws STEP_TOO_LARGE, RUN_TOO_LARGE, and INPUT_* where it cannot be stored.
 */
export function checkGrowth(progress: Progress, token: Token, result: NodeResult, vars: Readonly<Record<string, Json>>): number {
  const { state } = progress;
  const payload = result.kind === 'wait' && result.wait.kind === 'effect' ? result.wait.effect.payload : undefined;
  within(storableSize(payload, MAX_PAYLOAD_BYTES), MAX_PAYLOAD_BYTES, 'contents');
  const kept = storableSize(keptOf(result), MAX_STATE_BYTES) + storableSize(vars, MAX_STATE_BYTES);
  progress.uncounted += kept;
  if (progress.uncounted > UNCOUNTED_BYTES) {
    const replaced = jsonSize(token.scope === undefined ? state.outputs[token.node] : undefined) + jsonSize(valuesUnder(state.vars, vars));
    const carried = jsonSize(state, 2 * MAX_STATE_BYTES) - replaced + kept;
    if (carried > MAX_STATE_BYTES) throw tooLarge();
    progress.uncounted = 0;
  }
  return kept;
}

export const tooLarge = (): TaktError => new TaktError('RUN_TOO_LARGE', { message: `The run carries more than ${MAX_STATE_BYTES} bytes.` });

/** What is kept of a run that carries too much: where it stands, without the data that its steps have made. */
export const bared = (state: RunState): RunState => ({
  ...state,
  outputs: {},
  vars: {},
  ...(state.scopes && { scopes: state.scopes.map((scope) => ({ ...scope, outputs: {}, last: null })) }),
  ...(state.undoable && { undoable: state.undoable.map((done) => ({ ...done, output: null })) }),
});

function keptOf(result: NodeResult): unknown {
  if (result.kind === 'next' || result.kind === 'end') return result.output;
  if (result.kind === 'each') return result.items;
  return result.kind === 'wait' ? result.memo : undefined;
}

const valuesUnder = (values: Readonly<Record<string, Json>>, names: object): Json[] =>
  Object.keys(names).flatMap((name) => (Object.hasOwn(values, name) ? (values[name] ?? null) : []));

function within(bytes: number, most: number, what: string): number {
  if (bytes <= most) return bytes;
  throw new TaktError('STEP_TOO_LARGE', { message: `The ${what} of the step have more than ${most} bytes.` });
}
