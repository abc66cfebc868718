import { Type } from 'typebox';
import { Condition, defineTrigger } from '../../engine/sdk.ts';
import { entityName } from '../support/params.ts';
import { brief, list, text } from '../support/summary.ts';

export const segmentTrigger = defineTrigger({
  type: 'trigger.segment',
  version: 1,
  title: 'When a record enters or leaves a segment',
  description: "Starts a run when a record begins or ceases to fit a segment's rule, by a change of the record or because time has passed.",
  params: Type.Object(
    {
      segment: Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$', description: 'Id of the segment.' }),
      on: Type.Array(Type.Enum(['entered', 'left']), { minItems: 1, maxItems: 2, uniqueItems: true, description: 'What has to happen.' }),
      entity: Type.Optional(entityName("The segment's entity: lets the checks know the record's fields.")),
      where: Type.Optional(Condition({ description: 'Asked of the record.' })),
    },
    { additionalProperties: false },
  ),
  example: { segment: 'sleeping', on: ['entered'], entity: 'contact' },
  summary: (params) => `${list(params.on).join(' or ')} ${brief(params.segment)}`,
  subscriptions: (params) =>
    list(params.on).flatMap((on) =>
      typeof on === 'string' && typeof params.segment === 'string' ? [{ type: `segment.${on}`, topic: params.segment }] : [],
    ),
  entity: (params) => text(params.entity),
});
