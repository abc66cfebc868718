import type { Static, TSchema } from 'typebox';
import { checker, TaktError } from '../../engine/sdk.ts';
import type { JsonObject } from '../../schemas/json.ts';

/** Reads an effect's payload as the connector's node made it; that throws TaktError INTERNAL where another node filed the effect. */
export function payloadReader<T extends TSchema>(schema: T): (payload: JsonObject) => Static<T> {
  const fits = checker<Static<T>>(() => schema);
  return (payload: unknown) => {
    if (fits(payload)) return payload;
    throw new TaktError('INTERNAL', {
      message: 'The effect does not have the form that this connector sends.',
      hint: 'Only the node that belongs to a connector should file effects for it.',
    });
  };
}
