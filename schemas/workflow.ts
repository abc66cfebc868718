/** The workflow file: the one form in which a workflow is drawn, imported, stored and exported. */
import { type Static, Type } from 'typebox';

export const WORKFLOW_FORMAT = 1;

/** Bounds that keep a hostile or broken file cheap to refuse. */
export const WORKFLOW_LIMITS = { nodes: 500, edges: 2_000, depth: 32, bytes: 1_000_000 } as const;

const NODE_ID = '^[a-z][a-z0-9_]{0,62}$';

/** ISO 8601 duration of weeks, days, hours, minutes and seconds: `PT30M`, `P1DT12H`. Months and years have no fixed length. */
export const DurationText = Type.String({
  pattern: '^P(?=[0-9T])([0-9]{1,5}W)?([0-9]{1,5}D)?(T(?=[0-9])([0-9]{1,6}H)?([0-9]{1,7}M)?([0-9]{1,8}S)?)?$',
  description: 'An ISO 8601 duration, such as PT30M, P2D or P1DT12H. A day has 24 hours, whatever the clocks do.',
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
    compensate: Type.Optional(
      Type.String({ pattern: NODE_ID, description: 'The node that takes back what this one did, when flow.compensate asks for it.' }),
    ),
  },
  { additionalProperties: false },
);
export type WorkflowNode = Static<typeof WorkflowNode>;

/** A JSONata condition of the settings: reads the record's fields at the root, `record`, `event`, and in running runs `nodes` and `vars`. */
const ConditionText = Type.String({ minLength: 1, maxLength: 10_000 });
const EventType = Type.String({ pattern: '^[a-z][a-z0-9_.-]{0,99}$' });
const Channel = Type.String({ pattern: '^[a-z][a-z0-9_]{0,31}$', description: 'A channel of message.send, such as email.' });
const TimeOfDay = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', description: 'Local time, 09:00.' });
const strict = { additionalProperties: false } as const;

const Reentry = Type.Object(
  {
    mode: Type.Enum(['always', 'once', 'after', 'while']),
    time: Type.Optional(DurationText),
    when: Type.Optional(ConditionText),
  },
  {
    ...strict,
    allOf: [
      { anyOf: [{ properties: { mode: { not: { const: 'after' } } } }, { required: ['time'] }] },
      { anyOf: [{ properties: { mode: { not: { const: 'while' } } } }, { required: ['when'] }] },
    ],
    description:
      'How often one record may start a run. always (the default): for each event. once: ever. after: again `time` after the run before began. while: once as long as `when` holds, again after it has stopped holding.',
  },
);

const Exit = Type.Object(
  {
    outcome: Type.String({ minLength: 1, maxLength: 200 }),
    when: Type.Optional(ConditionText),
    event: Type.Optional(EventType),
    topic: Type.Optional(Type.String({ maxLength: 200 })),
  },
  {
    ...strict,
    anyOf: [{ required: ['when'] }, { required: ['event'] }],
    description:
      'Ends the run with this outcome: when an event about its record comes (and `when` holds of it), or without an event as soon as `when` holds.',
  },
);

const WorkflowSettings = Type.Object(
  {
    timezone: Type.Optional(Type.String({ maxLength: 64, description: 'IANA name; UTC without it.' })),
    locale: Type.Optional(Type.Union([Type.Literal('en'), Type.Literal('ru')], { description: 'For dates and numbers in templates.' })),
    reentry: Type.Optional(Reentry),
    concurrency: Type.Optional(
      Type.Enum(['allow', 'queue', 'skip', 'replace'], {
        description:
          'What happens when a record that has a run under way starts another: both run (the default), the new one waits in line, is left out, or takes the place of the old one.',
      }),
    ),
    throttle: Type.Optional(
      Type.Object(
        {
          max: Type.Integer({ minimum: 1, maximum: 1_000 }),
          per: DurationText,
          by: Type.Optional(Type.Enum(['record', 'workflow'], { default: 'record' })),
        },
        { ...strict, description: 'At most `max` runs begin within any `per`, for each record or in all; others are left out.' },
      ),
    ),
    dedupe: Type.Optional(
      Type.Object(
        { key: ConditionText, within: DurationText },
        { ...strict, description: 'Of starts with an equal key (an expression) within the time only the first makes a run.' },
      ),
    ),
    goal: Type.Optional(ConditionText),
    exit: Type.Optional(Type.Array(Exit, { minItems: 1, maxItems: 20 })),
    suppress: Type.Optional(ConditionText),
    caps: Type.Optional(
      Type.Array(
        Type.Object(
          { channel: Channel, max: Type.Integer({ minimum: 1, maximum: 1_000 }), per: DurationText },
          {
            ...strict,
            description: 'At most `max` messages in the channel about one record within any `per`, whichever workflow sent them.',
          },
        ),
        { minItems: 1, maxItems: 20 },
      ),
    ),
    quiet: Type.Optional(
      Type.Array(
        Type.Object(
          {
            channel: Channel,
            from: Type.Optional(TimeOfDay),
            to: Type.Optional(TimeOfDay),
            calendar: Type.Optional(
              Type.String({ minLength: 1, maxLength: 200, description: 'Key or id of a calendar, `company`, or `owner`.' }),
            ),
            zone: Type.Optional(
              Type.String({
                minLength: 1,
                maxLength: 4_000,
                description:
                  "On which clock the hours are meant: an IANA name, or an expression that finds one for the record, such as `= record.time_zone` for the client's.",
              }),
            ),
          },
          {
            ...strict,
            oneOf: [
              { required: ['from', 'to'], properties: { calendar: false } },
              { required: ['calendar'], properties: { from: false, to: false } },
            ],
            description:
              'Messages in the channel leave between `from` and `to`, or in the hours of `calendar`, only; others wait. Local time of the workflow, unless `zone` or the calendar says otherwise.',
          },
        ),
        { minItems: 1, maxItems: 20 },
      ),
    ),
    pilot: Type.Optional(
      Type.Object(
        { share: Type.Number({ exclusiveMinimum: 0, maximum: 1 }) },
        { ...strict, description: 'The part of the records that the workflow takes; always the same ones.' },
      ),
    ),
    errorWorkflow: Type.Optional(
      Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$', description: 'The workflow whose trigger.failed hears of failed runs.' }),
    ),
    retention: Type.Optional(DurationText),
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
