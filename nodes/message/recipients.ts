import { type DataRequest, loadRecords, type RecordView, type StepContext, TaktError } from '../../engine/sdk.ts';
import type { Json } from '../../schemas/json.ts';
import { isId } from '../support/record.ts';
import type { Channel } from './channel.ts';

/** Entities whose records are somebody to write to. */
const PEOPLE: ReadonlySet<string> = new Set(['user', 'contact', 'lead']);

type To = string | readonly string[] | null | undefined;

/**
 * Whom a message goes to, each once: the addresses that are given, with those of records in place of their ids; without any, that of
 * the run's record. Throws MESSAGE_NO_RECIPIENT, MESSAGE_ADDRESS, NODE_RECORD_ID.
 */
export function* recipients(ctx: StepContext, channel: Channel, to: To): Generator<DataRequest, string[], void> {
  if (to === undefined) return [channel.address(own(ctx, channel))];
  const given = to === null ? [] : typeof to === 'string' ? [to] : to;
  if (given.length === 0) throw new TaktError('MESSAGE_NO_RECIPIENT', { pointer: '/params/to' });
  // People are known there by their own ids.
  if (channel.field === undefined && channel.named === undefined) return distinct(given.map((text) => channel.address(text)));
  const records = new Map((yield* loadRecords(ctx, given.filter(isId))).map((record) => [record.id, record]));
  return distinct(
    given.map((text) => {
      if (!isId(text)) return channel.address(text);
      const record = records.get(text);
      if (!record) throw new TaktError('NODE_RECORD_ID', { pointer: '/params/to', message: `There is no record ${text}.` });
      return channel.address(addressOf(ctx, channel, record));
    }),
  );
}

const distinct = (addresses: readonly string[]): string[] => [...new Set(addresses)];

function own(ctx: StepContext, channel: Channel): string {
  if (ctx.record) return addressOf(ctx, channel, ctx.record);
  throw new TaktError('MESSAGE_NO_RECIPIENT', { pointer: '/params/to', message: 'The message names nobody, and the run has no record.' });
}

/** The first value in the record's fields of the channel's type, in the order of the entity; else the name or id of the person. */
function addressOf(ctx: StepContext, { field, named }: Channel, record: RecordView): string {
  const entity = ctx.entities.get(record.entity);
  const fields = field === undefined ? [] : (entity?.fieldNames ?? []).filter((name) => entity?.field(name)?.type === field);
  const values = [...fields, ...(named === undefined ? [] : [named])].flatMap((name): readonly Json[] => {
    const value = record[name] ?? null;
    return Array.isArray(value) ? value : [value];
  });
  const own = field === undefined && PEOPLE.has(record.entity) ? record.id : undefined;
  const address = values.find((value) => typeof value === 'string') ?? own;
  if (address !== undefined) return address;
  throw new TaktError('MESSAGE_NO_RECIPIENT', {
    pointer: '/params/to',
    message: `The ${record.entity} ${JSON.stringify(record.name ?? record.id)} has no ${field ?? 'address'} to write to.`,
  });
}
