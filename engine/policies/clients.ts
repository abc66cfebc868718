/** Whose client a message goes to: by the addresses, so that it does not matter which run, and of which record, sends it. */
import { domainToUnicode } from 'node:url';
import type { EntityDefinition } from '../../schemas/entity.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import type { RecordView, StepContext } from '../node/context.ts';
import type { DataRequest, EffectRequest, FindQuery } from '../node/definition.ts';
import { policyOf, type RecordPolicy, strictest } from './policy.ts';

/** What is asked of a step. */
type Context = Pick<StepContext, 'entities' | 'record' | 'read' | 'found'>;

export interface Message {
  channel: string;
  to: readonly string[];
}

/**
 * The message in an effect: whatever has somebody under `to` is one, by whichever connector it goes; who gets a copy counts, too. An address in a form
 * that is not known here is that of a stranger. Undefined: nothing is sent to anybody.
 */
export function messageIn({ payload: { channel, to, cc, bcc } }: EffectRequest): Message | undefined {
  if (to === undefined || to === null) return undefined;
  const addresses = [to, cc ?? [], bcc ?? []].flatMap(textsIn);
  return { channel: typeof channel === 'string' ? channel : '', to: addresses.length > 0 ? addresses : [STRANGER] };
}

/** An address that nobody has. */
const STRANGER = '';

/** The texts in a value, at whatever depth: effects are bounded when they are filed. */
function textsIn(value: Json): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** Colleagues only are met there. */
const INSIDE: ReadonlySet<string> = new Set(['slack']);
const COLLEAGUE = 'user';
/** Records that a find gives at most. */
const MOST = 100;

/**
 * The strictest policy of the clients that a message goes to: of the run's record, and of all records under way whose client has one of the
 * addresses. Messages to colleagues are nobody's. Undefined: nothing keeps it back.
 *
 * Costs two round trips to the database for a batch of runs, the second one where somebody has one of the addresses: of 1,000 messages on PostgreSQL, each
 * to a lead of its own, no more than chance makes of it (2.0 to 2.2 s in all).
 */
export function* strictestContact(ctx: Context, message: Message): Generator<DataRequest, RecordPolicy | undefined, void> {
  if (INSIDE.has(message.channel)) return undefined;
  const clients = yield* whoHas(ctx, message);
  if (clients === undefined) return undefined;
  const own = ctx.record && policyOf(ctx.entities, ctx.record);
  const policies = policiesOf(ctx, clients.full);
  const first = strictest([...(own ? [own] : []), ...policies]);
  if (first?.contact === 'people_only') return first;
  const found = strictest([...(first ? [first] : []), ...(yield* policiesAbout(ctx, clients))]);
  return found?.contact === 'automatic' ? undefined : found;
}

interface Clients {
  /** Records that have an address of the message. */
  full: readonly RecordView[];
  /** What has found more records with priorities than a find gives. */
  cut: readonly FindQuery[];
}

/** Who has an address that is no colleague's; undefined where all are colleagues'. */
function* whoHas(ctx: Context, { channel, to }: Message): Generator<DataRequest, Clients | undefined, void> {
  const names = [COLLEAGUE, ...clientEntities(ctx)];
  const asked = to.flatMap((address) =>
    names.flatMap((entity) =>
      matchesOf(ctx, entity, channel, address).map((match) => ({ address, query: { entity, match, limit: MOST } })),
    ),
  );
  yield { kind: 'records', ids: to.filter(isId) };
  yield { kind: 'finds', queries: asked.map(({ query }) => query) };
  const answers = asked.map((one) => ({ ...one, records: ctx.found(one.query) }));
  const byId = to.filter(isId).flatMap((address) => ({ address, records: [ctx.read(address)].filter((one) => one !== undefined) }));
  const colleagues = new Set(
    [...answers, ...byId].flatMap(({ address, records }) => (records.some(({ entity }) => entity === COLLEAGUE) ? address : [])),
  );
  if (to.every((address) => colleagues.has(address))) return undefined;
  const outside = <T extends { address: string }>(list: readonly T[]): T[] => list.filter(({ address }) => !colleagues.has(address));
  const full = [...outside(answers), ...outside(byId)].flatMap(({ records }) => records);
  return { full, cut: outside(answers).flatMap(({ query, records }) => (records.length < MOST ? [] : query)) };
}

/** Entities whose records are clients: those with priorities, and whom their records name. */
function clientEntities({ entities }: Context): string[] {
  const all = entities.list().map(({ definition }) => definition);
  return all.filter(({ name, priorities }) => priorities !== undefined || linesTo(all, name).length > 0).map(({ name }) => name);
}

/** By which fields records with priorities name somebody of this entity as their client. */
const linesTo = (all: readonly EntityDefinition[], client: string): { entity: string; field: string }[] =>
  all.flatMap(({ name, priorities, fields }) =>
    (priorities?.clients ?? []).flatMap((field) => {
      const reference = fields[field];
      return reference?.type === 'reference' && reference.entity === client ? [{ entity: name, field }] : [];
    }),
  );

/** Policies of the records that name one of these as their client, and of those that a find has cut off. */
function* policiesAbout(ctx: Context, { full, cut }: Clients): Generator<DataRequest, RecordPolicy[], void> {
  const all = ctx.entities.list().map(({ definition }) => definition);
  const about = full.flatMap(({ entity: client, id }) =>
    linesTo(all, client).map(({ entity, field }) => ({ entity, match: { [field]: id }, limit: MOST })),
  );
  const found = yield* findAll(ctx, about);
  const more = [...cut, ...about.filter((_query, i) => (found[i]?.length ?? 0) >= MOST)].flatMap((query) => narrowed(ctx, query));
  return policiesOf(ctx, [...found.flat(), ...(yield* findAll(ctx, more)).flat()]);
}

/** So many that not all have been seen: each priority that keeps messages back is asked for by itself. */
function narrowed({ entities }: Context, { entity, match, limit }: FindQuery): FindQuery[] {
  const priorities = entities.get(entity)?.definition.priorities;
  if (priorities === undefined) return [];
  const strict = Object.entries(priorities.policies).filter(([, { contact }]) => contact !== 'automatic');
  return strict.map(([value]) => ({ entity, match: { ...match, [priorities.field]: Number(value) }, limit }));
}

function* findAll(ctx: Context, queries: readonly FindQuery[]): Generator<DataRequest, (readonly RecordView[])[], void> {
  if (queries.length > 0) yield { kind: 'finds', queries };
  return queries.map((query) => ctx.found(query));
}

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const isId = (text: string): boolean => ID.test(text);

/** By which fields somebody of an entity has the address: e-mails and phones by their types, names by the field that is called as the channel. */
function matchesOf({ entities }: Context, name: string, channel: string, address: string): JsonObject[] {
  if (isId(address) || address === STRANGER) return [];
  const entity = entities.get(name);
  const type = address.includes('@', 1) ? 'email' : /^\+\d+$/.test(address) ? 'phone' : undefined;
  const fields = (entity?.fieldNames ?? []).filter((field) =>
    type === undefined ? field === channel : entity?.field(field)?.type === type,
  );
  return fields.flatMap((field) => formsOf(address, type).map((value) => ({ [field]: value })));
}

/** How a record may hold the address: e-mails in lower case, domains as people write them; names with and without their @. */
function formsOf(address: string, type: 'email' | 'phone' | undefined): string[] {
  if (type === 'phone') return [address];
  if (type === undefined) return address.startsWith('@') ? [address, address.slice(1)] : [address, `@${address}`];
  const lower = address.normalize('NFC').toLowerCase();
  const at = lower.lastIndexOf('@') + 1;
  return [...new Set([lower, lower.slice(0, at) + domainToUnicode(lower.slice(at))])];
}

/** Of those that are under way. */
const policiesOf = (ctx: Context, records: readonly RecordView[]): RecordPolicy[] =>
  records.filter((record) => isOpen(ctx, record)).flatMap((record) => policyOf(ctx.entities, record) ?? []);

function isOpen({ entities }: Context, { entity, stage, deleted }: RecordView): boolean {
  const now = entities.get(entity)?.definition.stages?.find(({ id }) => id === stage);
  return !deleted && (now === undefined || (now.kind ?? 'open') === 'open');
}
