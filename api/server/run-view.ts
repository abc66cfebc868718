/** Runs as the API shows them. */
import { type Static, Type } from 'typebox';
import type { Waiting } from '../../engine/run/waiting.ts';
import type { RunDetails as Details } from '../../engine/services/runs.ts';
import type { RunRow, StepRow } from '../../engine/unit/rows.ts';
import { isoOf, isoOrNull } from './paging.ts';
import { EffectView, effectView } from './routes/effects.ts';
import { AnyJson, ErrorItem, Instant, Nullable, Uuid } from './schemas.ts';

export const Status = Type.Enum(['active', 'waiting', 'done', 'paused', 'failed', 'cancelled', 'refused']);
export const RunView = Type.Object({
  id: Uuid,
  workflow: Type.String(),
  version: Type.Integer(),
  status: Status,
  record: Nullable(Uuid),
  event: Nullable(Uuid),
  parent: Nullable(Type.Unsafe<string>({ ...Uuid, description: 'The run that has called it and waits, or waited, for its end.' })),
  at: Type.Array(
    Type.Object({
      node: Type.String(),
      status: Type.Enum(['ready', 'waiting', 'failed']),
      until: Nullable(Type.Unsafe<string>({ ...Instant, description: 'When a wait ends by itself.' })),
    }),
    { description: 'Where the run stands: its tokens.' },
  ),
  outcome: Nullable(Type.String()),
  error: Nullable(ErrorItem),
  causes: Type.Array(Type.Object({ workflow: Type.String(), run: Type.String(), node: Type.String() }), {
    description: 'The runs that led to it, oldest first.',
  }),
  createdAt: Instant,
  updatedAt: Instant,
  endedAt: Nullable(Instant),
});
const StepView = Type.Object({
  seq: Type.Integer(),
  node: Type.String(),
  type: Type.String(),
  status: Type.Enum(['done', 'failed', 'waiting', 'cancelled']),
  port: Nullable(Type.String()),
  attempt: Type.Integer(),
  input: Nullable(AnyJson),
  output: Nullable(AnyJson),
  error: Nullable(ErrorItem),
  startedAt: Instant,
  endedAt: Nullable(Instant),
  cpuMicros: Type.Integer({ description: 'Computing time, microseconds.' }),
});
const WaitView = Type.Object(
  {
    node: Type.String(),
    kind: Type.Enum(['time', 'effect', 'event', 'place', 'child', 'retry', 'join', 'scope', 'start'], {
      description:
        'time: a moment; effect: that it is sent; event: one of `events`; place: its turn in `line`; child: the end of `run`; retry: the next attempt; join: other branches; scope: its items; start: its turn to begin.',
    }),
    index: Type.Optional(Type.Integer({ description: 'The item, from 0, of the loop that it is in.' })),
    until: Type.Optional(Type.Unsafe<string>({ ...Instant, description: 'When it ends by itself.' })),
    events: Type.Optional(
      Type.Array(
        Type.Object({
          type: Type.String(),
          topic: Type.String({ description: '`*`: any' }),
          correlation: Type.String({ description: 'What they are about: `record:<id>`, or `<field>=<value>` of their data.' }),
        }),
      ),
    ),
    run: Type.Optional(Uuid),
    line: Type.Optional(
      Type.Object({
        key: Type.String(),
        holder: Nullable(Type.String({ description: 'The run that holds the place.' })),
        ahead: Type.Integer({ description: 'How many stand in line before it.' }),
      }),
    ),
    join: Type.Optional(Type.Object({ need: Type.Union([Type.Literal('all'), Type.Integer()]), arrived: Type.Integer() })),
    items: Type.Optional(Type.Object({ count: Type.Integer(), done: Type.Integer(), running: Type.Integer(), failed: Type.Integer() })),
    failures: Type.Optional(Type.Integer({ description: 'Attempts that failed so far.' })),
  },
  { description: 'What one waiting token waits for.' },
);
export const RunDetails = Type.Object({
  run: RunView,
  waits: Type.Array(WaitView),
  called: Type.Array(RunView, { description: 'Runs that it has called and waits, or waited, for; newest first, 200 at most.' }),
  steps: Type.Array(StepView),
  effects: Type.Array(EffectView),
});

export const runView = (row: RunRow): Static<typeof RunView> => ({
  id: row.id,
  workflow: row.workflowId,
  version: row.version,
  status: row.status,
  record: row.recordId,
  event: row.eventId,
  parent: row.parent?.run ?? null,
  at: row.state.tokens.map(({ node, status, wait }) => ({ node, status, until: isoOrNull(wait?.until ?? null) })),
  outcome: row.outcome,
  error: row.error,
  causes: row.chain,
  createdAt: isoOf(row.createdAt),
  updatedAt: isoOf(row.updatedAt),
  endedAt: isoOrNull(row.endedAt),
});

const stepView = (row: StepRow): Static<typeof StepView> => ({
  seq: row.seq,
  node: row.node,
  type: row.type,
  status: row.status,
  port: row.port,
  attempt: row.attempt,
  input: row.input,
  output: row.output,
  error: row.error,
  startedAt: isoOf(row.startedAt),
  endedAt: isoOrNull(row.endedAt),
  cpuMicros: row.cpuMicros,
});

const waitView = ({ until, events, ...rest }: Waiting): Static<typeof WaitView> => ({
  ...rest,
  ...(until === undefined ? {} : { until: isoOf(until) }),
  ...(events === undefined ? {} : { events: events.map((event) => ({ ...event })) }),
});

export const detailsView = ({ run, waits, called, steps, effects }: Details): Static<typeof RunDetails> => ({
  run: runView(run),
  waits: waits.map(waitView),
  called: called.map(runView),
  steps: steps.map(stepView),
  effects: effects.map(effectView),
});
