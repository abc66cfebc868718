/** The work that throughput is measured on: trigger → switch → update → task → end, each event about a record of its own. */

import type { Change } from '../../engine/runtime/change.ts';
import { rows } from '../../engine/store/database.ts';
import { sql } from '../../engine/store/drizzle.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { AUTHOR, type OpenedTakt } from './bed.ts';

export const FIVE_STEPS: JsonObject = {
  takt: 1,
  id: 'five-steps',
  name: 'Five steps',
  nodes: {
    paid: { type: 'trigger.event', params: { event: 'order.paid' } },
    size: {
      type: 'flow.switch',
      params: {
        cases: [
          { port: 'large', when: 'event.data.amount >= 50000' },
          { port: 'middle', when: 'event.data.amount >= 5000' },
        ],
      },
    },
    note: { type: 'record.update', params: { fields: { budget: '= event.data.amount', source: 'order' } } },
    call: { type: 'task.create', params: { title: 'Thank {{record.name}}', assignee: null, due: { in: 'P1D' } } },
    end: { type: 'flow.end', params: { outcome: 'thanked' } },
  },
  edges: [
    ['paid', 'size'],
    ['size:large', 'note'],
    ['size:middle', 'note'],
    ['size:else', 'note'],
    ['note', 'call'],
    ['call', 'end'],
  ],
};

/** Makes leads; gives their ids. */
export async function makeLeads({ engine }: OpenedTakt, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let from = 0; from < count; from += 5_000) {
    const changes = Array.from({ length: Math.min(5_000, count - from) }, (_, i): Change => {
      const n = from + i;
      return {
        kind: 'create',
        entity: 'lead',
        onExisting: 'error',
        data: {
          first_name: 'Ada',
          last_name: `Lead ${n}`,
          emails: [`lead${n}@bench.example`],
          source: 'website',
          company_name: `Company ${n % 500}`,
        },
      };
    });
    for (const outcome of await engine.intake.submit(changes, AUTHOR)) {
      if (!outcome.ok) throw outcome.error;
      if (outcome.value.kind === 'record') ids.push(outcome.value.record.id);
    }
  }
  return ids;
}

export const paid = (recordId: string, n: number): Change => ({
  kind: 'event',
  type: 'order.paid',
  topic: '',
  recordId,
  data: { order: `O-${n}`, amount: (n * 7919) % 100_000, currency: 'EUR', items: 3 },
});

/** Posts an event about each lead, in bulk. */
export async function post({ engine }: OpenedTakt, leads: readonly string[], round: number): Promise<void> {
  const outcomes = await engine.intake.submit(
    leads.map((id, i) => paid(id, i + round * 1_000_003)),
    AUTHOR,
  );
  for (const outcome of outcomes) if (!outcome.ok) throw outcome.error;
}

/** Between two looks whether all is done, milliseconds. */
const LOOK_MS = 10;

/** In the order of the index: without it PostgreSQL reads the whole table where nothing is due. */
const DUE_OR_SLEEPING = sql`select 1 from runs where due_at is not null order by due_at limit 1`;

/** Resolves when a query gives nothing more; without one, when no run is due. */
export async function settled({ database }: OpenedTakt, open = DUE_OR_SLEEPING): Promise<void> {
  while ((await rows(database.orm, open)).length > 0) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}
