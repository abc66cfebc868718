import { Type } from 'typebox';
import { Condition, defineTrigger, type EventView } from '../../engine/sdk.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { AnyJson, entityName, fieldName } from '../support/params.ts';
import { brief, list, part } from '../support/summary.ts';

const HAPPENINGS = [
  'created',
  'updated',
  'deleted',
  'restored',
  'stage_entered',
  'owner_changed',
  'filled',
  'emptied',
  'changed_to',
  'crossed_up',
  'crossed_down',
] as const;
type Happening = (typeof HAPPENINGS)[number];

/** Which events of a record can be the happening: what a record is created with has just been filled, entered or crossed. */
const EVENTS: Readonly<Record<Happening, readonly string[]>> = {
  created: ['record.created'],
  updated: ['record.updated'],
  deleted: ['record.deleted'],
  restored: ['record.restored'],
  stage_entered: ['record.created', 'record.updated'],
  owner_changed: ['record.updated'],
  filled: ['record.created', 'record.updated'],
  emptied: ['record.updated'],
  changed_to: ['record.created', 'record.updated'],
  crossed_up: ['record.created', 'record.updated'],
  crossed_down: ['record.updated'],
};

const needs = (on: readonly Happening[], param: string) => ({
  anyOf: [{ properties: { on: { not: { contains: { enum: on } } } } }, { required: [param] }],
});

const Stages = Type.Union([Type.String({ minLength: 1 }), Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: 100 })]);

export const recordTrigger = defineTrigger({
  type: 'trigger.record',
  version: 1,
  title: 'When a record changes',
  description:
    'Starts a run when something happens to a record of the entity, whoever does it: a person, an import, another workflow. The run works on that record.',
  params: Type.Object(
    {
      entity: entityName('The entity whose records are watched.'),
      on: Type.Array(Type.Enum([...HAPPENINGS]), {
        minItems: 1,
        maxItems: HAPPENINGS.length,
        uniqueItems: true,
        description:
          'What has to happen: the record is created, updated, deleted, restored; enters a `stage`; gets another owner; one of `fields` is filled, emptied, changed to the value `to`, or crosses the `threshold` upwards (from below to it or above) or downwards (from it or above to below).',
      }),
      fields: Type.Optional(
        Type.Array(fieldName(), {
          minItems: 1,
          maxItems: 100,
          uniqueItems: true,
          description: 'The fields that are meant. For `updated`: at least one of them has changed; all updates without it.',
        }),
      ),
      stage: Type.Optional(Type.Unsafe<string | string[]>({ ...Stages, description: 'For `stage_entered`: the stage, or several.' })),
      to: Type.Optional(Type.Unsafe<Json>({ ...AnyJson, description: 'For `changed_to`: the value.' })),
      threshold: Type.Optional(Type.Number({ description: 'For `crossed_up` and `crossed_down`. Money compares by its amount.' })),
      where: Type.Optional(
        Condition({
          description:
            'Asked of the record as it is after the change; `previous` is the record before, `event.data.changes.<field>` is [before, after].',
        }),
      ),
    },
    {
      additionalProperties: false,
      allOf: [
        needs(['stage_entered'], 'stage'),
        needs(['filled', 'emptied', 'changed_to', 'crossed_up', 'crossed_down'], 'fields'),
        needs(['changed_to'], 'to'),
        needs(['crossed_up', 'crossed_down'], 'threshold'),
      ],
    },
  ),
  example: { entity: 'lead', on: ['created', 'updated'], fields: ['source'], where: "record.source = 'website'" },
  summary(params) {
    const details = [...list(params.fields), ...(params.stage === undefined ? [] : [params.stage].flat()), params.to, params.threshold];
    const shown = details.filter((detail) => detail !== undefined).map((detail) => brief(detail));
    return `${brief(params.entity)} ${list(params.on).join(' or ').replaceAll('_', ' ')}${shown.length > 0 ? ` (${shown.join(', ')})` : ''}`;
  },
  subscriptions: (params) => {
    const { entity } = params;
    if (typeof entity !== 'string') return [];
    const types = new Set(list(params.on).flatMap((on) => (isHappening(on) ? EVENTS[on] : [])));
    return [...types].map((type) => ({ type, topic: entity }));
  },
  accepts: (params, event) =>
    list(params.on).some((on) => isHappening(on) && EVENTS[on].includes(event.type) && happened(on, params, event)),
  entity: (params) => (typeof params.entity === 'string' ? params.entity : undefined),
});

const isHappening = (value: Json): value is Happening => HAPPENINGS.some((happening) => happening === value);

function happened(on: Happening, params: JsonObject, event: EventView): boolean {
  const changes = part(event.data.changes);
  const changed = (field: string): [before: Json, after: Json] | undefined => {
    const pair = Object.hasOwn(changes, field) ? list(changes[field]) : [];
    return pair.length === 2 ? [pair[0] ?? null, pair[1] ?? null] : undefined;
  };
  const anyField = (test: (before: Json, after: Json) => boolean): boolean =>
    list(params.fields).some((field) => {
      const pair = typeof field === 'string' ? changed(field) : undefined;
      return pair !== undefined && test(...pair);
    });
  switch (on) {
    case 'created':
    case 'deleted':
    case 'restored':
      return true;
    case 'updated':
      return list(params.fields).length === 0 || anyField(() => true);
    case 'stage_entered':
      return [params.stage].flat().includes(changed('stage')?.[1] ?? undefined);
    case 'owner_changed':
      return changed('owner') !== undefined;
    case 'filled':
      return anyField((before, after) => isEmpty(before) && !isEmpty(after));
    case 'emptied':
      return anyField((before, after) => !isEmpty(before) && isEmpty(after));
    case 'changed_to':
      return anyField((_before, after) => JSON.stringify(after) === JSON.stringify(params.to));
    case 'crossed_up':
      return anyField((before, after) => crossed(before, after, params.threshold));
    case 'crossed_down':
      return anyField((before, after) => crossed(after, before, params.threshold));
  }
}

const isEmpty = (value: Json): boolean => value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** From below the threshold (a field without a number is below any) to it or above. */
function crossed(low: Json, high: Json, threshold: Json | undefined): boolean {
  const [from, to] = [numberOf(low), numberOf(high)];
  return typeof threshold === 'number' && to !== undefined && to >= threshold && (from === undefined || from < threshold);
}

function numberOf(value: Json): number | undefined {
  const number = typeof value === 'object' && value !== null && !Array.isArray(value) ? value.amount : value;
  return typeof number === 'number' ? number : undefined;
}
