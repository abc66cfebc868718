/** The workflow file: the one form in which a workflow is drawn, imported, stored and exported. */
import { type Static, Type } from 'typebox';

export const WORKFLOW_FORMAT = 1;

/** Bounds that keep a hostile or broken file cheap to refuse. */
export const WORKFLOW_LIMITS = { nodes: 500, edges: 2_000, depth: 32, bytes: 1_000_000 } as const;

const NODE_ID = '^[a-z][a-z0-9_]{0,62}$';

/** ISO 8601 duration of weeks, days, hours, minutes and seconds: `PT30M`, `P1DT12H`. Months and years have no fixed length. */
export const DurationText = Type.String({
  pattern: '^P(?=[0-9T])([0-9]{1,5}W)?([0-9]{1,5}D)?(T(?=[0-9])([0-9]{1,6}H)?([0-9]{1,7}M)?([0-9]{1,8}S)?)?$',
  description: 'An ISO 8601 duration, such as PT30M, P2D or P1DT12H.',
});

export const RetryPolicy = Type.Object(
  {
    attempts: Type.Integer({ minimum: 1, maximum: 50, description: 'How often in all, the first try included.' }),
    first: Type.Optional(DurationText),
    factor: Type.Optional(Type.Number({ minimum: 1, maximum: 10 })),
    max: Type.Optional(DurationText),
  },
  {
    additionalProperties: false,
    description:
      'Waits `first`, then `factor` times longer each time, at most `max`; each wait is varied by chance (full jitter on its upper half).',
  },
);
export type RetryPolicy = Static<typeof RetryPolicy>;

export const WorkflowNode = Type.Object(
  {
    type: Type.String({
      pattern: '^[a-z][a-z0-9_-]*(\\.[a-z][a-z0-9_-]*)+$',
      maxLength: 100,
      description: 'The node type, such as task.create.',
    }),
    version: Type.Optional(
      Type.Integer({ minimum: 1, description: "The node type's version; the newest at the time of saving without it." }),
    ),
    title: Type.Optional(Type.String({ maxLength: 200 })),
    note: Type.Optional(Type.String({ maxLength: 2_000 })),
    params: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    retry: Type.Optional(RetryPolicy),
    maxVisits: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 10_000, description: 'How often one run may enter this node: the bound of a cycle.' }),
    ),
  },
  { additionalProperties: false },
);
export type WorkflowNode = Static<typeof WorkflowNode>;

const WorkflowSettings = Type.Object(
  {
    timezone: Type.Optional(Type.String({ maxLength: 64, description: 'IANA name; UTC without it.' })),
    locale: Type.Optional(Type.Union([Type.Literal('en'), Type.Literal('ru')], { description: 'For dates and numbers in templates.' })),
    reentry: Type.Optional(
      Type.Object(
        { mode: Type.Union([Type.Literal('always'), Type.Literal('once')]) },
        { additionalProperties: false, description: 'once: one run for each record, ever. always (the default): one run for each event.' },
      ),
    ),
  },
  { additionalProperties: false },
);

export const WorkflowFile = Type.Object(
  {
    takt: Type.Literal(WORKFLOW_FORMAT),
    id: Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' }),
    name: Type.String({ minLength: 1, maxLength: 200 }),
    description: Type.Optional(Type.String({ maxLength: 5_000 })),
    owner: Type.Optional(Type.String({ maxLength: 200 })),
    settings: Type.Optional(WorkflowSettings),
    nodes: Type.Record(Type.String({ pattern: NODE_ID }), WorkflowNode, {
      minProperties: 1,
      maxProperties: WORKFLOW_LIMITS.nodes,
      additionalProperties: false,
    }),
    edges: Type.Array(
      Type.Tuple([
        Type.String({ pattern: '^[a-z][a-z0-9_]{0,62}(:[a-z][a-z0-9_-]{0,62})?$', description: 'node or node:port' }),
        Type.String({ pattern: NODE_ID }),
      ]),
      { maxItems: WORKFLOW_LIMITS.edges },
    ),
    layout: Type.Optional(
      Type.Record(Type.String({ pattern: NODE_ID }), Type.Tuple([Type.Number(), Type.Number()]), { additionalProperties: false }),
    ),
  },
  { $id: 'workflow', additionalProperties: false, title: 'Takt workflow' },
);
export type WorkflowFile = Static<typeof WorkflowFile>;
