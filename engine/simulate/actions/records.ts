import type { NamedRecord } from '../../../schemas/action.ts';
import { TaktError } from '../../errors/index.ts';
import { under } from '../place.ts';
import type { World } from '../world.ts';
import type { Action } from './action.ts';
import { perform } from './perform.ts';

/** Makes records that are there from the beginning. Errors tell the place of the record in its list. */
export async function makeRecords(world: World, records: readonly NamedRecord[], pointer: string): Promise<void> {
  for (const [i, { entity, data = {}, as, count = 1 }] of records.entries()) {
    for (let made = 0; made < count; made++)
      await performAt(`${pointer}/${i}`, world, { kind: 'create', entity, data, ...(as === undefined ? {} : { as }) });
  }
}

/** Does what stands at a place of a file. Errors tell the place. */
export async function performAt(pointer: string, world: World, action: Action): Promise<void> {
  try {
    await perform(world, action);
  } catch (error) {
    if (!(error instanceof TaktError)) throw error;
    throw under(error.place.pointer === undefined ? pointer : `${pointer}/data`, error);
  }
}
