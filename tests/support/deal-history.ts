/** Deals of some years whose fields tell when they began and closed, as they are after an import. */
import type { Engine } from '../../engine/engine.ts';
import { seededRandom } from '../../engine/ports/random.ts';
import type { Change } from '../../engine/runtime/change.ts';
import type { Author } from '../../engine/store/schema.ts';
import type { ForecastDefinition } from '../../schemas/forecast.ts';
import type { JsonObject } from '../../schemas/json.ts';

/** Of deals that are won by one half, close within two months, and bring a fifth of their budget. */
export const INCOME: ForecastDefinition = {
  id: 'income',
  name: 'Income',
  entity: 'deal',
  won: "stage = 'won'",
  lost: "stage = 'lost'",
  profit: 'budget.amount * margin / 100',
  opened: 'assigned_at',
  closed: 'closed_at',
  probability: 'probability / 100',
  channel: 'source',
};

const author: Author = { kind: 'system', id: 'test' };
const DAY = 86_400_000;
const CHANNELS = ['ads', 'fair', 'referral'];
const AT_ONCE = 500;

export interface DealHistory {
  count: number;
  /** When the first begins and the last has begun, milliseconds. */
  from: number;
  until: number;
  /** What closed after it is open still. */
  now: number;
  owners?: readonly string[];
  data?: (i: number) => JsonObject;
}

/** @returns the ids of the deals */
export async function importDeals(engine: Pick<Engine, 'intake'>, history: DealHistory): Promise<string[]> {
  const { count, from, until, now, owners = [], data = () => ({}) } = history;
  const random = seededRandom(1);
  const ids: string[] = [];
  for (let first = 0; first < count; first += AT_ONCE) {
    const changes = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, j): Change => {
      const i = first + j;
      const begun = from + ((until - from) * i) / count;
      const closed = begun + random.next() * 60 * DAY;
      const won = random.next() < 0.5;
      const owner = owners[i % owners.length];
      return {
        kind: 'create',
        entity: 'deal',
        onExisting: 'error',
        data: {
          name: `Deal ${i}`,
          budget: { amount: 10_000 + (i % 10) * 1_000, currency: 'RUB' },
          margin: 20,
          probability: 50,
          source: CHANNELS[i % CHANNELS.length] ?? null,
          assigned_at: new Date(begun).toISOString(),
          ...(closed <= now ? { stage: won ? 'won' : 'lost', closed_at: new Date(closed).toISOString() } : {}),
          ...(owner === undefined ? {} : { owner }),
          ...data(i),
        },
      };
    });
    for (const outcome of await engine.intake.submit(changes, author)) {
      if (!outcome.ok) throw outcome.error;
      if (outcome.value.kind === 'record') ids.push(outcome.value.record.id);
    }
  }
  return ids;
}
