/** What was not counted, and why: how many records, and the first of them. Nothing is left out without a word. */
import { type ErrorCode, TaktError } from '../errors/index.ts';

/** Records that are named of each kind. */
const EXAMPLES = 3;

export type NoteCode = Extract<
  ErrorCode,
  | 'FORECAST_PROFIT'
  | 'FORECAST_PROFIT_UNKNOWN'
  | 'FORECAST_PROBABILITY'
  | 'FORECAST_PROBABILITY_UNKNOWN'
  | 'FORECAST_OUTCOME'
  | 'FORECAST_FUTURE'
  | 'FORECAST_UNDATED'
  | 'FORECAST_FAILED'
>;

/** Behind "so many records of the entity". */
const WHY: Readonly<Record<NoteCode, string>> = {
  FORECAST_PROFIT: 'left out for a negative profit',
  FORECAST_PROFIT_UNKNOWN: 'left out for want of a profit',
  FORECAST_PROBABILITY: 'left out for a probability that is not from 0 to 1',
  FORECAST_PROBABILITY_UNKNOWN: 'without a probability: the share of those won so far is taken',
  FORECAST_OUTCOME: 'left out: won and lost at once, or closed before it began',
  FORECAST_FUTURE: 'left out: begun or closed in the future',
  FORECAST_UNDATED: 'left out: no moment at which it began or closed',
  FORECAST_FAILED: 'left out: an expression of the forecast fails',
};

export class Notes {
  readonly #seen = new Map<NoteCode, { count: number; records: string[] }>();
  /** About the forecast as a whole. */
  readonly #others: TaktError[] = [];

  add(code: NoteCode, record: string): void {
    const one = this.#seen.get(code) ?? { count: 0, records: [] };
    this.#seen.set(code, one);
    one.count++;
    if (one.records.length < EXAMPLES) one.records.push(record);
  }

  /** Each code once. */
  tell(error: TaktError): void {
    if (!this.#others.some(({ code }) => code === error.code)) this.#others.push(error);
  }

  /** @param entity whose records they are; @param why words in place of the usual ones */
  errors(entity: string, why: Partial<Record<NoteCode, string>> = {}): TaktError[] {
    const records = [...this.#seen].map(
      ([code, one]) =>
        new TaktError(code, {
          message: `${one.count} ${one.count === 1 ? 'record' : 'records'} of ${entity} ${why[code] ?? WHY[code]}, such as ${one.records.join(', ')}.`,
        }),
    );
    return [...this.#others, ...records];
  }
}
