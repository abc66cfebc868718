import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { TaktError } from '../../engine/sdk.ts';
import type { JsonObject } from '../../schemas/json.ts';

/** An effect's payload as the connector's node made it. Throws TaktError INTERNAL: then another node filed the effect. */
export function payloadOf<T extends TSchema>(schema: T, payload: JsonObject): Static<T> {
  if (Value.Check(schema, payload)) return payload;
  throw new TaktError('INTERNAL', {
    message: 'The effect does not have the form that this connector sends.',
    hint: 'Only the node that belongs to a connector should file effects for it.',
  });
}
