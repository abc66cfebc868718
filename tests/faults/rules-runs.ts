import { placeOf } from '../../engine/run/places.ts';
import type { RunStatus } from '../../engine/store/schema.ts';
import type { RunRow } from '../../engine/unit/rows.ts';
import type { Books } from './books.ts';
import { FIRST_ONLY, isSilent, STEPS } from './load.ts';
import { differs, type Rule, tally, told } from './rule.ts';

const ENDED: readonly RunStatus[] = ['done', 'cancelled', 'refused'];

export const RULES_OF_RUNS: readonly Rule[] = [
  {
    rule: 'an order that was taken is one event, that of the receipt',
    ask: (books) =>
      books.world.orders.flatMap((order) => {
        const there = books.events(order).map((event) => event.id);
        const receipt = books.world.receipts.get(order.id);
        const asTold = receipt ? there.length === 1 && there[0] === receipt.id : !order.keyed && there.length <= 1;
        return asTold ? [] : [`${order.id}: told ${receipt?.id ?? 'nothing'}, there is ${there.join(', ') || 'nothing'}`];
      }),
  },
  {
    rule: 'an event has its run, that of the receipt',
    ask: (books) =>
      books.world.orders.flatMap((order) =>
        books.events(order).flatMap((event) => {
          const runs = books.runsOf(event).map((run) => run.id);
          const receipt = books.world.receipts.get(order.id);
          const said = receipt && !receipt.duplicate ? receipt.runs : runs;
          if (said.join() !== runs.join()) return [`${order.id} was told of ${said.join(', ')}, there is ${runs.join(', ')}`];
          // Of those that get in once it is told below who did.
          const should = order.kind === 'once' ? Math.min(runs.length, 1) : order.kind === 'quiet' ? 0 : 1;
          return differs(`runs of ${order.id}`, runs.length, should);
        }),
      ),
  },
  {
    rule: 'a run is done, or waits for what can come',
    ask: (books) => {
      const [silent, early] = [new Set<string>(), new Set<string>()];
      for (const order of books.world.orders) {
        // Who was not told that it is taken may have answered before it was.
        const unheard = order.kind === 'wait' && !books.world.receipts.has(order.id);
        for (const { id } of books.runsOfOrder(order))
          if (isSilent(order)) silent.add(id);
          else if (unheard) early.add(id);
      }
      const crowded = books.world.orders.length > LOOP_RATE;
      const asItShould = (run: RunRow): boolean => {
        if (run.error?.code === 'LOOP_RATE') return crowded && run.status === 'refused';
        // With a run those end that it waits for.
        const { toBeCancelled } = books.world.people;
        if (run.status === 'cancelled' && run.workflowId === 'drill-replace') return true;
        if (run.status === 'cancelled') return toBeCancelled.has(run.id) || toBeCancelled.has(run.parent?.run ?? '');
        return silent.has(run.id) ? waits(books, run) : run.status === 'done' || (early.has(run.id) && waits(books, run));
      };
      return books.runs.filter((run) => !asItShould(run)).map(told);
    },
  },
  {
    rule: 'a run that is done went through its steps, each once',
    ask: (books) =>
      books.world.orders.flatMap((order) =>
        books.runsOfOrder(order).flatMap((run) => {
          if (run.status !== 'done') return [];
          const there = tally(books.done(run).map((step) => step.node));
          return STEPS[order.kind].some((way) => same(way, there)) ? [] : [`${order.id}: ${JSON.stringify(there)}`];
        }),
      ),
  },
  {
    rule: 'the steps of a run are numbered without gaps',
    ask: (books) =>
      books.runs.flatMap((run) => {
        const numbers = [...books.world.tables.stepsByRun.of(run.id)].map((step) => step.seq).sort((a, b) => a - b);
        const whole = numbers.length === run.state.seq && numbers.every((seq, i) => seq === i + 1);
        return whole ? [] : [`${told(run)}: ${numbers.join(', ')} of ${run.state.seq}`];
      }),
  },
  {
    rule: 'of those that pass once, one of a lead has passed',
    ask: (books) =>
      Object.entries(FIRST_ONLY).flatMap(([kind, workflow]) => {
        const leads = new Set(
          books.world.orders.flatMap((order) => (order.kind === kind && books.events(order).length > 0 ? order.lead : [])),
        );
        return [...leads].flatMap((lead) => {
          const runs = books.runsOfWorkflow(workflow).filter((run) => run.recordId === books.world.bed.leads.get(lead));
          if (runs.some((run) => run.status === 'cancelled')) return [];
          return differs(`${kind} of ${lead}`, runs.flatMap((run) => books.done(run, 'note')).length, 1);
        });
      }),
  },
  {
    rule: 'of those that replace each other the last one stays',
    ask: (books) =>
      [...Map.groupBy(books.runsOfWorkflow('drill-replace'), (run) => run.recordId)].flatMap(([lead, runs]) => {
        const newest = Math.max(...runs.map((run) => run.createdAt));
        const last = runs.filter((run) => run.createdAt === newest);
        const stays = last.some((run) => run.status === 'done' || books.world.people.toBeCancelled.has(run.id));
        return stays ? [] : [`those of ${lead}: ${last.map(told).join(', ')}`];
      }),
  },
  {
    rule: 'a failure is heard of by one run',
    ask: (books) => {
      const failures = books.world.tables.events.all().filter(({ type, data }) => type === 'run.failed' && data.workflow !== 'drill-watch');
      return failures.flatMap((event) => differs(`runs that hear of ${event.id}`, books.runsOf(event).length, 1));
    },
  },
  {
    rule: 'long work is done once for each record',
    ask: (books) =>
      books.world.tables.jobs.all().flatMap((job) => {
        const runs = books
          .runsOfWorkflow('drill-bulk')
          .filter((run) => books.world.tables.events.get(run.eventId ?? '')?.data.job === job.id);
        const leads = new Set(runs.map((run) => run.recordId));
        const missing = job.status === 'failed' ? 0 : [...books.world.bed.leads.values()].filter((id) => !leads.has(id)).length;
        return [
          ...differs(`runs of the job ${job.id}, as it counted them`, runs.length, job.made),
          ...differs(`leads of the job ${job.id}`, leads.size, runs.length),
          ...differs(`leads without a run of the job ${job.id}`, missing, 0),
          ...(job.status === 'running' ? [`the job ${job.id} is running`] : []),
        ];
      }),
  },
  {
    rule: 'a section calls its parts, each once',
    ask: (books) => {
      const parts = tally(books.runsOfWorkflow('drill-part').map((run) => run.parent?.run ?? ''));
      const sections = books.runsOfWorkflow('drill-section').filter((run) => run.status === 'done');
      return sections.flatMap((run) => differs(told(run), parts[run.id] ?? 0, 3));
    },
  },
  {
    rule: 'a section has one run within, and a line one run at its head',
    ask: (books) => [
      ...overlaps(books.runsOfWorkflow('drill-section').flatMap((run) => visit(books, run, 'enter', 'leave', shelfOf(books, run)))),
      ...overlaps(books.runsOfWorkflow('drill-turn').flatMap((run) => visit(books, run, 'pause', 'end', run.recordId ?? ''))),
    ],
  },
  {
    rule: 'silence is heard once for the last time that something came, and each time that it is heard a run begins',
    ask: (books) => {
      const fired = books.world.tables.events.all().filter((event) => event.type === 'timer.fired');
      const last = new Map(
        books.world.orders
          .flatMap((order) => (order.kind === 'quiet' ? books.events(order) : []))
          .sort((a, b) => a.at - b.at)
          .map((event) => [event.recordId, event.at]),
      );
      return [
        ...fired.flatMap((event) => differs(`runs of the silence ${event.key}`, books.runsOf(event).length, 1)),
        ...[...last].flatMap(([record, at]) => {
          const due = new Date(at + SILENCE_MS).toISOString();
          // Later where it could not be fired, and was put off.
          const times = fired.filter((event) => event.recordId === record && String(event.data.due_at) >= due).length;
          return differs(`silence about ${record} from ${due}`, times, 1);
        }),
      ];
    },
  },
  {
    rule: 'a schedule fires at its moments, and each time a run begins',
    ask: (books) => {
      const fired = books.world.tables.events.all().filter((event) => event.type === 'schedule.fired');
      const moments = new Set(fired.map((event) => event.data.due_at));
      return [
        ...differs('moments of the schedule', moments.size, fired.length),
        ...(books.world.hasSchedule && (fired.length < 1 || fired.length > 4) ? [`it fired ${fired.length} times`] : []),
        ...fired.flatMap((event) => differs(`runs of the moment ${event.key}`, books.runsOf(event).length, 1)),
      ];
    },
  },
  {
    rule: 'no signal is left, and no timer',
    ask: ({ world: { tables } }) => [
      ...tables.signals.all().map((signal) => `signal ${signal.waitId} of ${signal.runId}`),
      ...tables.timers.all().map((timer) => `timer of ${timer.workflowId}`),
    ],
  },
  {
    rule: 'no run that has ended waits for an event, holds a place or is in line for one',
    ask: (books) => {
      const { waits: waiting, marks, runs } = books.world.tables;
      const isGone = (id: string): boolean => ENDED.includes(runs.get(id)?.status ?? 'done');
      return [
        ...waiting.all().flatMap((wait) => (isGone(wait.runId) ? [`${wait.runId} waits for ${wait.type}`] : [])),
        ...marks.all().flatMap(({ key, value }) => {
          const { holder, queue } = placeOf(value);
          return [...(holder ? [holder] : []), ...queue].flatMap(({ run }) => (isGone(run) ? [`${run} is at the place ${key}`] : []));
        }),
      ];
    },
  },
];

/** As the workflow says: nothing has come for so long, milliseconds. */
const SILENCE_MS = 10_000;

/** So many runs of a workflow on one record may other workflows start within an hour. */
const LOOP_RATE = 60;

const waits = (books: Books, run: RunRow): boolean =>
  run.status === 'waiting' && run.dueAt === null && books.world.tables.waitsByRun.of(run.id).size > 0;

const same = (a: Record<string, number>, b: Record<string, number>): boolean =>
  Object.keys({ ...a, ...b }).every((key) => a[key] === b[key]);

interface Visit {
  place: string;
  run: string;
  from: number;
  to: number;
}

/** The time between two nodes of a run; nothing where it has not been there. */
function visit(books: Books, run: RunRow, from: string, to: string, place: string): Visit[] {
  const [entered] = books.done(run, from);
  const [left] = books.done(run, to);
  if (!entered || !left) return [];
  // What is entered at the step's end; a line is entered before its first step begins.
  return [{ place, run: run.id, from: from === 'enter' ? (entered.endedAt ?? 0) : entered.startedAt, to: left.endedAt ?? 0 }];
}

function overlaps(visits: readonly Visit[]): string[] {
  return [...Map.groupBy(visits, ({ place }) => place).values()].flatMap((list) => {
    const inOrder = list.sort((a, b) => a.from - b.from || a.to - b.to);
    return inOrder.flatMap((one, i) => {
      const next = inOrder[i + 1];
      return next && next.from < one.to ? [`${next.run} came to ${one.place} ${one.to - next.from} ms before ${one.run} left`] : [];
    });
  });
}

const shelfOf = (books: Books, run: RunRow): string => String(books.world.tables.events.get(run.eventId ?? '')?.data.shelf);
