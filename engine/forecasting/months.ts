/** The forecast of the months to come, and beside it how those of the months before came true. */
import { asTaktError, type ErrorData, TaktError } from '../errors/index.ts';
import { type Deal, type ForecastMonth, forecast, qualityOf } from '../forecast/index.ts';
import type { StoreTx } from '../store/port.ts';
import { type MonthSpan, monthAt } from './calendar.ts';
import { chancesAt } from './chances.ts';
import { type Course, isProblem } from './course.ts';
import type { CompiledForecast } from './forecasts.ts';
import { eachCourse, type ForecastWorld, type TeamEntity } from './gather.ts';
import { Notes } from './notes.ts';

export interface MonthsQuery {
  /** Its id. */
  forecast: string;
  /** 1 to 24, the present one included. */
  months: number;
  /** Months before the present one whose forecasts are compared with what came; 0 to 12. */
  past: number;
  /** By what is known now, or was known at the first moment of the present month. */
  asOf: 'now' | 'month';
  /** Where the definition names no zone. */
  timezone: string;
  teams: TeamEntity;
}

type Part = Omit<ForecastMonth['teams'][number], 'name'> & { name: string | null };

interface MonthAhead extends Omit<ForecastMonth, 'teams' | 'channels'> {
  /** Null: those that belong to none. */
  teams: Part[];
  channels: Part[];
}

interface PastMonth {
  /** YYYY-MM */
  month: string;
  /** What was to be expected by what was known at its first moment; null where nothing could be told. */
  expected: number | null;
  low: number | null;
  high: number | null;
  came: number;
  /** Forecast / what came; null where there is no forecast, or nothing came. */
  ratio: number | null;
  good: boolean | null;
  /** Why there is no forecast, or no ratio. */
  why: ErrorData | null;
}

export interface MonthsAnswer {
  forecast: string;
  name: string;
  /** By what was known at this moment, milliseconds since the epoch. */
  at: number;
  timezone: string;
  /** How often what comes is to lie in the intervals. */
  confidence: number;
  /** Empty where the definition names none. */
  currency: string;
  months: MonthAhead[];
  later: number;
  /** What has come in the present month until now. */
  came: number;
  closedDeals: number;
  openDeals: number;
  /** The latest first. */
  past: PastMonth[];
  /** Of these months together; null where none can be compared. */
  quality: { ratio: number; good: boolean } | null;
  /** What was not counted, and why. */
  notes: ErrorData[];
}

const STANDARD_CONFIDENCE = 0.8;

/** A moment of which a forecast is made, with the deals as they were known then. */
interface Then {
  readonly span: MonthSpan;
  readonly at: number;
  readonly deals: Deal[];
}

/**
 * Forecasts of the past are made anew, by what was known at the first moment of each month: by fields as the history has them, and by the model
 * that was there then.
 * @throws TaktError FORECAST_UNKNOWN, FORECAST_COLD, FORECAST_CURRENCIES, FORECAST_MANY, FORECAST_OPTIONS, TIMEZONE_UNKNOWN
 */
export async function forecastMonths(store: StoreTx, world: ForecastWorld, query: MonthsQuery): Promise<MonthsAnswer> {
  const compiled = world.forecasts.require(query.forecast);
  const { definition } = compiled;
  const timezone = definition.timezone ?? query.timezone;
  const [present, ...before] = Array.from({ length: query.past + 1 }, (_, i) => {
    const span = monthAt(world.now, timezone, -i);
    return { span, at: i === 0 && query.asOf === 'now' ? world.now : span.from, deals: [] };
  }) satisfies Then[];
  if (present === undefined) throw new RangeError('A month has gone.');
  const notes = new Notes();
  const wins = await readDeals(store, world, { compiled, thens: [present, ...before], teams: query.teams, notes });
  const { confidence = STANDARD_CONFIDENCE, season = 'none' } = definition;
  const options = { season, confidence, timezone };
  const made = withNotes(notes.errors(definition.entity), () =>
    forecast(present.deals, { ...options, now: present.at, months: query.months }),
  );
  const past = before.map((then) => pastMonth(then, wins, options));
  const compared = past.flatMap(({ expected, came, ratio }) => (expected === null || ratio === null ? [] : [{ expected, came }]));
  return {
    forecast: definition.id,
    name: definition.name,
    at: present.at,
    timezone,
    confidence,
    currency: made.currency,
    months: made.months.map(({ teams, channels, ...month }) => ({ ...month, teams: teams.map(named), channels: channels.map(named) })),
    later: made.later,
    came: cameIn(present.span, wins),
    closedDeals: made.closedDeals,
    openDeals: made.openDeals,
    past,
    quality: compared.length === 0 ? null : qualityOf(compared),
    notes: notes.errors(definition.entity).map((note) => note.toData()),
  };
}

/** Where too little is left to tell a sum, what was left out may be the reason. */
function withNotes<T>(notes: readonly TaktError[], work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    if (!(thrown instanceof TaktError) || thrown.code !== 'FORECAST_COLD') throw thrown;
    throw new TaktError('FORECAST_COLD', { message: thrown.message, errors: notes });
  }
}

const named = <P extends { name: string }>({ name, ...part }: P): Omit<P, 'name'> & { name: string | null } => ({
  ...part,
  name: name === '' ? null : name,
});

/** @returns the deals that were won, as they are known now */
async function readDeals(
  store: StoreTx,
  world: ForecastWorld,
  { compiled, thens, teams, notes }: { compiled: CompiledForecast; thens: readonly Then[]; teams: TeamEntity; notes: Notes },
): Promise<Deal[]> {
  const { model, probability } = compiled.definition;
  const moments = [world.now, ...thens.map(({ at }) => at)];
  const { now, models, entities } = world;
  const chances = model === undefined ? [] : await chancesAt(store, { id: model, moments, now, models, entities, notes });
  const wins: Deal[] = [];
  const [first] = thens;
  await eachCourse(store, world, { forecast: compiled, teams, notes }, (course) => {
    const known = course.at(now, chances[0]);
    if (isProblem(known)) notes.add(known.problem, course.id);
    else if (known?.won === true) wins.push(known);
    for (const [i, then] of thens.entries()) {
      const deal = then.at === now ? known : course.at(then.at, chances[i + 1]);
      // What is wrong with it now has been noted; what was wrong then and is mended now is only left out of what was to be expected then.
      if (deal === null || isProblem(deal)) continue;
      then.deals.push(deal);
      if (then === first && probability !== undefined) noteUnknown(course, deal, notes);
    }
  });
  return wins;
}

function noteUnknown(course: Course, deal: Deal, notes: Notes): void {
  if (deal.closedAt === null && deal.probability === undefined) notes.add('FORECAST_PROBABILITY_UNKNOWN', course.id);
}

function pastMonth(
  { span, at, deals }: Then,
  wins: readonly Deal[],
  options: { season: 'none' | 'quarter' | 'year'; confidence: number; timezone: string },
): PastMonth {
  const { month } = span;
  const came = cameIn(span, wins);
  try {
    const total = forecast(deals, { ...options, now: at, months: 1 }).months[0]?.total;
    const { expected = 0, low = 0, high = 0 } = total ?? {};
    if (came > 0) return { month, expected, low, high, came, ...qualityOf([{ expected, came }]), why: null };
    return { month, expected, low, high, came, ratio: null, good: null, why: new TaktError('FORECAST_NOTHING_CAME').toData() };
  } catch (thrown) {
    const error = asTaktError(thrown);
    if (error.code === 'INTERNAL') throw thrown;
    return { month, expected: null, low: null, high: null, came, ratio: null, good: null, why: error.toData() };
  }
}

const cameIn = ({ from, until }: MonthSpan, wins: readonly Deal[]): number =>
  wins.reduce((sum, { closedAt, profit }) => (closedAt !== null && closedAt >= from && closedAt < until ? sum + profit : sum), 0);
