import { Type } from 'typebox';
import { Condition, defineTrigger } from '../../engine/sdk.ts';
import { entityName, fieldName } from '../support/params.ts';
import { brief, list, part } from '../support/summary.ts';

const Happening = Type.Enum(['created', 'updated', 'deleted', 'restored']);

export const recordTrigger = defineTrigger({
  type: 'trigger.record',
  version: 1,
  title: 'When a record changes',
  description:
    'Starts a run when a record of the entity is created, updated, deleted or restored, whoever does it: a person, an import, another workflow. The run works on that record.',
  params: Type.Object(
    {
      entity: entityName('The entity whose records are watched.'),
      on: Type.Array(Happening, { minItems: 1, maxItems: 4, uniqueItems: true, description: 'What has to happen.' }),
      fields: Type.Optional(
        Type.Array(fieldName(), {
          minItems: 1,
          maxItems: 100,
          uniqueItems: true,
          description: 'For updates: only those that change at least one of these fields. All updates without it.',
        }),
      ),
      where: Type.Optional(
        Condition({ description: 'Asked of the record as it is after the change; `event.data.changes.<field>` is [before, after].' }),
      ),
    },
    { additionalProperties: false },
  ),
  example: { entity: 'lead', on: ['created', 'updated'], fields: ['source'], where: "record.source = 'website'" },
  summary(params) {
    const fields = list(params.fields).length > 0 ? ` (${list(params.fields).join(', ')})` : '';
    return `${brief(params.entity)} ${list(params.on).join(' or ')}${fields}`;
  },
  subscriptions: (params) =>
    list(params.on).flatMap((on) =>
      typeof on === 'string' && typeof params.entity === 'string' ? [{ type: `record.${on}`, topic: params.entity }] : [],
    ),
  accepts(params, event) {
    const fields = list(params.fields);
    if (event.type !== 'record.updated' || fields.length === 0) return true;
    const changes = part(event.data.changes);
    return fields.some((field) => typeof field === 'string' && Object.hasOwn(changes, field));
  },
  entity: (params) => (typeof params.entity === 'string' ? params.entity : undefined),
});
