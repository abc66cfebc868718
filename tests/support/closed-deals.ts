/** A history that a model can learn from. */
import type { Engine } from '../../engine/engine.ts';
import { seededRandom } from '../../engine/ports/random.ts';
import type { Change } from '../../engine/runtime/change.ts';
import type { Author } from '../../engine/store/schema.ts';
import type { JsonObject } from '../../schemas/json.ts';
import type { ModelDefinition } from '../../schemas/model.ts';

export const DEAL_WON: ModelDefinition = {
  id: 'deal-won',
  name: 'Deals that are won',
  entity: 'deal',
  fields: [
    { name: 'source', kind: 'level' },
    { name: 'budget', kind: 'number' },
    { name: 'refusal_reason', kind: 'level' },
  ],
  success: "stage = 'won'",
  failure: "stage = 'lost'",
};

const author: Author = { kind: 'system', id: 'test' };

/**
 * Deals come in, and are closed after that, in ten parts. A referral is won seven times in ten, an advertisement twice; `turned` the other way
 * round. The reason of a refusal is written with the outcome, and the source is written over.
 * @param wait lets time pass between two parts
 */
export async function closeDeals({ intake }: Pick<Engine, 'intake'>, count: number, wait: () => unknown, turned = false): Promise<void> {
  const random = seededRandom(turned ? 2 : 1);
  const write = async (changes: Change[]): Promise<string[]> =>
    (await intake.submit(changes, author)).map((outcome) => {
      if (!outcome.ok) throw outcome.error;
      return outcome.value.kind === 'record' ? outcome.value.record.id : '';
    });
  const deals = Array.from({ length: count }, () => (random.next() < 0.5 ? 'referral' : 'ads'));
  const ids = await write(
    deals.map((source, i) => {
      const data = { name: 'D', source, budget: { amount: 1_000 + (i % 7), currency: 'RUB' } };
      return { kind: 'create', entity: 'deal', data, onExisting: 'error' };
    }),
  );
  const part = Math.ceil(count / 10);
  for (let from = 0; from < count; from += part) {
    await wait();
    await write(
      ids.slice(from, from + part).map((id, i) => {
        const won = random.next() < ((deals[from + i] === 'referral') === turned ? 0.2 : 0.7);
        const data: JsonObject = won ? { stage: 'won' } : { stage: 'lost', refusal_reason: 'price' };
        return { kind: 'update', id, data: { ...data, source: 'changed later' } };
      }),
    );
  }
  await wait();
}
