/** Assignments a second: everybody of a large team is looked at by every rule, and each is told why. */
import type { JsonObject } from '../../../schemas/json.ts';
import { AUTHOR, type OpenedTakt, openTaktAt } from '../bed.ts';
import { type Benchmark, figure, median, timed, times } from '../figure.ts';
import { makeLeads, post, settled } from '../work.ts';

const PEOPLE = 200;
const EVERY_DAY = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
/** Somebody works at any hour, and it is never ten minutes before the end of all days. */
const ALWAYS: JsonObject = { timezone: 'UTC', days: Object.fromEntries(EVERY_DAY.map((day) => [day, [['00:00', '24:00']]])) };
/** Nobody comes to it: it is measured what looking costs. */
const MUCH = 1_000_000;

const ROUTING: JsonObject = {
  takt: 1,
  id: 'routing',
  name: 'Routing',
  nodes: {
    paid: { type: 'trigger.event', params: { event: 'order.paid' } },
    assign: {
      type: 'assign.owner',
      params: {
        pool: { team: 'sales' },
        eligibility: {
          working: true,
          before_break: 'PT10M',
          presence: { of: ['online'] },
          skills: ['welding'],
          match: { regions: 'Moscow', languages: '= record.language' },
          capacity: { load: 'open', max: MUCH, back: MUCH - 1 },
          caps: { day: MUCH, week: MUCH },
        },
        strategy: [{ least: 'given_day' }, 'round_robin'],
        overwrite: true,
      },
    },
  },
  edges: [['paid', 'assign']],
};

async function makeTeam({ engine }: OpenedTakt): Promise<void> {
  const create = async (entity: string, data: readonly JsonObject[]): Promise<string[]> => {
    const outcomes = await engine.intake.submit(
      data.map((one) => ({ kind: 'create', entity, data: one, onExisting: 'error' })),
      AUTHOR,
    );
    return outcomes.flatMap((outcome) => {
      if (!outcome.ok) throw outcome.error;
      return outcome.value.kind === 'record' ? [outcome.value.record.id] : [];
    });
  };
  await create('calendar', [{ name: 'Company', key: 'company', hours: ALWAYS }]);
  const people = Array.from({ length: PEOPLE }, (_, i) => ({
    name: `Person ${i}`,
    skills: ['cutting', 'welding'],
    regions: ['Perm', 'Moscow'],
    presence: 'online',
    presence_at: '2026-01-01T00:00:00Z',
  }));
  await create('team', [{ name: 'Sales', key: 'sales', members: await create('user', people) }]);
}

export const assignment: readonly Benchmark[] = [
  {
    names: ['assign_per_s'],
    async run(bed, { rounds, events }, say) {
      const { url, drop } = await bed.database();
      const takt = await openTaktAt(url, bed.folder);
      try {
        await makeTeam(takt);
        await takt.publish(ROUTING);
        const leads = await makeLeads(takt, events);
        await takt.engine.start();
        await post(takt, leads, 0);
        await settled(takt);
        const rates = await times(rounds, async (round) => {
          const ms = await timed(async () => {
            await post(takt, leads, round + 1);
            await settled(takt);
          });
          say(`${Math.round((events / ms) * 1_000)} assignments a second among ${PEOPLE} people`);
          return (events / ms) * 1_000;
        });
        return [figure('assign_per_s', median(rates), 'assignments/s')];
      } finally {
        await takt.engine.stop();
        await takt.close();
        await drop();
      }
    },
  },
];
