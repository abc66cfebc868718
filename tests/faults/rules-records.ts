import { PEOPLE } from '../crash/load.ts';
import { differs, type Rule } from './rule.ts';

export const RULES_OF_RECORDS: readonly Rule[] = [
  {
    rule: 'an order has its tasks',
    ask: (books) => {
      const tasks = [...books.world.tables.recordsByEntity.of('task')];
      return books.world.orders.flatMap((order) => {
        const runs = books.runsOfOrder(order).flatMap((run) => [run, ...books.calledBy(run), ...books.hearingOf(run)]);
        const notes = runs.flatMap((run) => books.done(run, 'note')).length;
        return differs(`tasks of ${order.id}`, tasks.filter((task) => task.name === `Drill ${order.id}`).length, notes);
      });
    },
  },
  {
    rule: 'silences, schedules, failures and segments make a task each time',
    ask: (books) =>
      [
        ['drill-quiet', 'Silence'],
        ['drill-clock', 'Tick'],
        ['drill-watch', 'Failure'],
        ['drill-odd', 'Odd'],
      ].flatMap(([workflow = '', name = '']) => {
        const tasks = [...books.world.tables.recordsByEntity.of('task')].filter((task) => task.name === name);
        const notes = books.runsOfWorkflow(workflow).flatMap((run) => books.done(run, 'note'));
        return differs(name, tasks.length, notes.length);
      }),
  },
  {
    rule: 'a lead that was sent in is one record, and is welcomed once',
    ask: (books) =>
      books.world.newLeads.flatMap((key) => {
        const there = [...books.world.tables.recordsByEntity.of('lead')].filter((lead) => lead.key === key);
        const receipt = books.world.receipts.get(key);
        const runs = books.runsOfWorkflow('drill-created').filter((run) => there.some((lead) => lead.id === run.recordId));
        return [
          ...differs(`leads with the key ${key}`, there.length, 1),
          ...differs(`welcomes of ${key}`, runs.length, 1),
          ...(there[0]?.id === receipt?.id ? [] : [`${key} was told as ${receipt?.id}`]),
        ];
      }),
  },
  {
    rule: 'a lead has counted what was done for it',
    ask: (books) =>
      [...books.world.tables.recordsByEntity.of('lead')].flatMap(({ id, key, data: { score } }) => {
        const times = (node: string): number => [...books.world.tables.runsByRecord.of(id)].flatMap((run) => books.done(run, node)).length;
        return differs(`score of ${key}`, Number(score), times('add') - times('sub'));
      }),
  },
  {
    rule: 'a lead is in a segment as long as it fits, and enters and leaves it in turn, each heard of by one run',
    ask: (books) =>
      [...books.world.tables.recordsByEntity.of('lead')].flatMap(({ id, key, data: { score } }) => {
        const events = [...books.world.tables.eventsByRecord.of(id)].filter((event) => event.type.startsWith('segment.'));
        const times = (type: string): number => events.filter((event) => event.type === type).length;
        return [
          ...differs(`${key} is in the segment`, times('segment.entered') - times('segment.left'), Math.abs(Number(score)) % 2),
          ...events.flatMap((event) => differs(`runs that hear of ${event.type} ${event.id}`, books.runsOf(event).length, 1)),
        ];
      }),
  },
  {
    rule: 'the history of a record is whole',
    ask: ({ world: { tables } }) =>
      tables.records.all().flatMap((record) => {
        const versions = [...tables.changesByRecord.of(record.id)].map((change) => change.version).sort((a, b) => a - b);
        const whole = versions.length === record.version && versions.every((version, i) => version === i + 1);
        return whole ? [] : [`${record.entity} ${record.name} has version ${record.version}, and changes ${versions.join(', ')}`];
      }),
  },
  {
    rule: 'each turn of the round-robin was given out once, and equal people get equally much',
    ask: (books) => {
      const given = books.runsOfWorkflow('drill-assign').flatMap((run) => books.done(run, 'owner'));
      const people = books.world.tables.records
        .all()
        .filter((record) => record.entity === 'user' && PEOPLE.some((key) => key === record.key));
      const counts = people.map(({ id }) => given.filter((step) => Reflect.get(Object(step.output), 'owner') === id).length);
      const turns = books.world.tables.marks.get('assign:turns:users:drill-assign/owner')?.value;
      const taken = Number(Reflect.get(Object(turns), 'given') ?? 0);
      const uneven = Math.max(...counts) - Math.min(...counts) > 1;
      return [...differs('turns', taken, given.length), ...(uneven ? [`given out ${counts.join(', ')} times`] : [])];
    },
  },
];
