/** A record as a forecast knows it, at any moment of its past: by its history, and by the moments that its fields tell. Pure. */
import { asTaktError, TaktError } from '../errors/index.ts';
import type { Expression } from '../expression/index.ts';
import type { Deal } from '../forecast/index.ts';
import { outcomeChange, rowAtVersion, versionAt } from '../models/history.ts';
import { momentIn, outcomeIn } from '../models/outcome.ts';
import type { RecordView } from '../node/context.ts';
import type { Entity, EntityRegistry } from '../records/index.ts';
import type { ChangeRow, RecordRow } from '../unit/rows.ts';
import { viewRecord } from '../unit/view.ts';
import type { CompiledForecast } from './forecasts.ts';
import type { NoteCode } from './notes.ts';

/** Versions of a closed record that are looked through for the probability that was told first. */
const MOST_VERSIONS = 20;

export interface Surroundings {
  readonly forecast: CompiledForecast;
  readonly entity: Entity;
  readonly entities: EntityRegistry;
  readonly now: number;
  readonly random: () => number;
  /** Records that the expressions may read beside it. */
  readonly related: (id: string) => RecordView | undefined;
  /** The team of an owner, where the definition does not say it. */
  readonly teamOf: (owner: string) => string | undefined;
}

/** What a model that could be asked at a moment says of a record; its name tells versions apart. */
export interface Chance {
  readonly name: string;
  /** Undefined where it cannot say anything of this one. */
  readonly of: (view: RecordView) => number | undefined;
}

/** What of a record cannot be counted. */
export interface Problem {
  readonly problem: NoteCode;
}

interface Scope {
  readonly view: RecordView;
  readonly input: object;
}

const problem = (code: NoteCode): Problem => ({ problem: code });
export const isProblem = (value: object | null): value is Problem => value !== null && 'problem' in value;

export class Course {
  readonly id: string;
  /** As it is known now. */
  readonly closedAt: number | null;
  readonly won: boolean | null;
  readonly openedAt: number;
  readonly #row: RecordRow;
  readonly #history: readonly ChangeRow[];
  readonly #around: Surroundings;
  readonly #known: Known;
  readonly #before = new Map<number, Known | Problem>();
  readonly #scopes = new Map<number, Scope>();
  readonly #chances = new Map<string, number | undefined>();

  private constructor(row: RecordRow, history: readonly ChangeRow[], around: Surroundings, known: Known) {
    this.#row = row;
    this.#history = history;
    this.#around = around;
    this.id = row.id;
    this.openedAt = known.openedAt;
    this.closedAt = known.closedAt;
    this.won = known.won;
    this.#known = known;
  }

  /** @param history its changes, the oldest first */
  static of(row: RecordRow, history: readonly ChangeRow[], around: Surroundings): Course | Problem {
    try {
      const known = read(row, history, around);
      return isProblem(known) ? known : new Course(row, history, around, known);
    } catch (thrown) {
      if (!asTaktError(thrown).code.startsWith('EXPR_')) throw thrown;
      return problem('FORECAST_FAILED');
    }
  }

  /**
   * The deal as it was known at a moment; null where it had not begun.
   * @param chance of the model that could be asked then, where the definition names one
   */
  at(moment: number, chance: Chance | undefined): Deal | Problem | null {
    const version = moment >= this.#around.now ? this.#row.version : versionAt(this.#history, moment);
    try {
      const known = this.#knownAt(moment, version);
      if (isProblem(known)) return known;
      if (known.openedAt > moment) return null;
      const closed = known.closedAt !== null && known.closedAt <= moment;
      const { input, view } = this.#scope(version);
      const worth = this.#worth(input);
      if (isProblem(worth)) return worth;
      const probability = closed ? this.#toldFirst(known, version, chance) : this.#told(version, chance);
      if (probability !== undefined && !(probability >= 0 && probability <= 1)) return problem('FORECAST_PROBABILITY');
      return {
        id: this.id,
        openedAt: known.openedAt,
        closedAt: closed ? known.closedAt : null,
        won: closed ? known.won : null,
        ...worth,
        ...(probability === undefined ? {} : { probability }),
        team: this.#team(input, view),
        channel: this.#text(this.#around.forecast.channel, input),
      };
    } catch (thrown) {
      if (!asTaktError(thrown).code.startsWith('EXPR_')) throw thrown;
      return problem('FORECAST_FAILED');
    }
  }

  /** Who has it now, and since when: by the change of owner, or since it began. */
  get received(): { owner: string; at: number } | undefined {
    const { owner } = this.#row;
    if (owner === null) return undefined;
    const came = this.#history.findLast(({ op, changes }) => op !== 'created' && changes.owner !== undefined);
    return { owner, at: came?.at ?? this.openedAt };
  }

  /** By the history; of a record that came in later, as one that was imported, by what its fields say of then. */
  #knownAt(moment: number, version: number): Known | Problem {
    if (version >= this.#row.version || this.#row.createdAt > moment) return this.#known;
    const before = this.#before.get(version);
    if (before) return before;
    const history = this.#history.filter((change) => change.version <= version);
    const known = read(rowAtVersion(this.#row, this.#history, version), history, this.#around);
    this.#before.set(version, known);
    return known;
  }

  #scope(version: number): Scope {
    const known = this.#scopes.get(version);
    if (known) return known;
    const row = version >= this.#row.version ? this.#row : rowAtVersion(this.#row, this.#history, version);
    const scope = scopeOf(row, this.#around);
    this.#scopes.set(version, scope);
    return scope;
  }

  #worth(input: object): { profit: number; currency: string } | Problem {
    const { definition, profit } = this.#around.forecast;
    const value = profit.evaluate(input, this.#around);
    const currencies = new Set(moneyRead(profit, input));
    const own = currencyIn(value);
    if (own !== undefined) currencies.add(own);
    const [currency = definition.currency ?? '', second] = currencies;
    // Two currencies in one sum mean nothing, whatever the others are in.
    if (second !== undefined) throw new TaktError('FORECAST_CURRENCIES', { message: `${this.id} is in ${currency} and ${second}.` });
    const amount = amountOf(value);
    if (amount === undefined) return problem('FORECAST_PROFIT_UNKNOWN');
    return amount < 0 ? problem('FORECAST_PROFIT') : { profit: amount, currency };
  }

  /** As it is told at a version; undefined where nothing is. */
  #told(version: number, chance: Chance | undefined): number | undefined {
    const { probability } = this.#around.forecast;
    if (probability !== undefined) {
      const value = probability.evaluate(this.#scope(version).input, this.#around);
      return typeof value === 'number' ? value : undefined;
    }
    if (chance === undefined) return undefined;
    const key = `${version} ${chance.name}`;
    if (!this.#chances.has(key)) this.#chances.set(key, chance.of(this.#scope(version).view));
    return this.#chances.get(key);
  }

  /**
   * As it was told first, before the outcome: the last word before a close knows too much, for somebody wrote it who saw the close coming.
   * Nothing of a record that came in closed.
   */
  #toldFirst({ outcome }: Known, version: number, chance: Chance | undefined): number | undefined {
    if (typeof outcome !== 'number') return undefined;
    const before = this.#history.filter((change) => change.version < outcome && change.version <= version).slice(0, MOST_VERSIONS);
    for (const change of before) {
      const told = this.#told(change.version, chance);
      if (told !== undefined) return told;
    }
    return undefined;
  }

  #team(input: object, { owner }: RecordView): string {
    const { forecast, teamOf } = this.#around;
    if (forecast.team) return this.#text(forecast.team, input);
    return typeof owner === 'string' ? (teamOf(owner) ?? '') : '';
  }

  /** Empty where nothing is said. */
  #text(expression: Expression | undefined, input: object): string {
    const value = expression?.evaluate(input, this.#around);
    return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, LONGEST_NAME) : '';
  }
}

const LONGEST_NAME = 200;

interface Known {
  openedAt: number;
  closedAt: number | null;
  won: boolean | null;
  /** The version that the outcome came with; null: it came in with it. Undefined while it is open. */
  outcome: number | null | undefined;
}

function read(row: RecordRow, history: readonly ChangeRow[], around: Surroundings): Known | Problem {
  const { forecast, entity, now } = around;
  const { definition } = forecast;
  const { view, input } = scopeOf(row, around);
  const openedAt = definition.opened === undefined ? row.createdAt : momentIn(entity, definition.opened, view)?.from;
  if (openedAt === undefined) return problem('FORECAST_UNDATED');
  if (openedAt > now) return problem('FORECAST_FUTURE');
  const outcome = outcomeIn(input, forecast.won, forecast.lost, around);
  if (outcome === 'both') return problem('FORECAST_OUTCOME');
  if (outcome === 'open') return { openedAt, closedAt: null, won: null, outcome: undefined };
  const change = outcomeChange(
    row,
    history,
    (one) => outcomeIn(scopeOf(one, around).input, forecast.won, forecast.lost, around) === outcome,
  );
  const closedAt = definition.closed === undefined ? change?.at : momentIn(entity, definition.closed, view)?.from;
  if (closedAt === undefined) return problem('FORECAST_UNDATED');
  if (closedAt > now) return problem('FORECAST_FUTURE');
  if (closedAt < openedAt) return problem('FORECAST_OUTCOME');
  return { openedAt, closedAt, won: outcome === 'success', outcome: change?.version ?? null };
}

function scopeOf(row: RecordRow, around: Surroundings): Scope {
  const view = viewRecord(row, around);
  const names = around.forecast.definition.related;
  if (names === undefined) return { view, input: { ...view, record: view } };
  const related: Record<string, RecordView> = {};
  for (const name of names) {
    const id = view[name];
    const found = typeof id === 'string' ? around.related(id) : undefined;
    if (found) related[name] = found;
  }
  return { view, input: { ...view, record: view, related } };
}

/** Currencies of the money that an expression has read. */
function moneyRead({ paths }: Expression, input: object): string[] {
  return paths.flatMap((path) => {
    let value: unknown = input;
    for (const name of path) {
      value = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
      const currency = currencyIn(value);
      if (currency !== undefined) return [currency];
    }
    return [];
  });
}

function currencyIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const [amount, currency] = [Reflect.get(value, 'amount'), Reflect.get(value, 'currency')];
  return typeof amount === 'number' && typeof currency === 'string' ? currency : undefined;
}

function amountOf(value: unknown): number | undefined {
  const amount = typeof value === 'object' && value !== null ? Reflect.get(value, 'amount') : value;
  return typeof amount === 'number' && Number.isFinite(amount) ? amount : undefined;
}
