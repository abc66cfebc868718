/** The likes of one record among those that are stored: bounded, and by indexes whatever there is of them. */
import type { DuplicateRules } from '../../schemas/entity.ts';
import { TaktError } from '../errors/index.ts';
import type { RecordView, StepContext } from '../node/context.ts';
import type { DataRequest, FindQuery } from '../node/definition.ts';
import type { EntityRegistry } from '../records/index.ts';
import { commonTraits } from './candidates.ts';
import { type Comparison, compare, SUGGESTED } from './compare.ts';
import { nameKeysOf } from './keys.ts';
import { type Likeness, likenessOf } from './likeness.ts';

/** A record that may be, or surely is, the same. */
export interface Like extends Comparison {
  readonly record: RecordView;
}

/** What a search needs of a unit of work. */
export type LikesContext = Pick<StepContext, 'entities' | 'read' | 'stored' | 'found' | 'alike'>;

/** Addresses and numbers of a record that others are looked for by, in each field. */
const MOST_KEYS = 20;
/** Longer texts no index finds; see `findable`. */
const LONGEST = 100;
/** Records with one of them that are compared, the oldest. */
const MOST_OF_KEY = 20;

/**
 * The likes of a record, the sure ones first, then the most alike, the oldest of equal ones. By e-mails and phones those are found, too, that
 * the present transaction has written; by names what is committed.
 * @param among the entity whose records are looked at; the record's own without it
 * Throws DUPLICATES_UNDEFINED.
 */
export function* findLikes(ctx: LikesContext, record: RecordView, among = record.entity, limit = 20): Generator<DataRequest, Like[], void> {
  const own = likenessOf(rulesOf(ctx.entities, record.entity), ctx.stored(record.id) ?? record);
  const rules = rulesOf(ctx.entities, among);
  if (rules.of !== own.of) {
    throw new TaktError('DUPLICATES_UNDEFINED', {
      message: `A ${record.entity} is a ${own.of}, and a ${among} a ${rules.of}: they cannot be one.`,
      hint: 'Look among records of the same kind.',
    });
  }
  const found = new Map<string, RecordView>();
  for (const query of queriesOf(own, rules, among)) {
    yield { kind: 'find', query };
    for (const one of ctx.found(query)) found.set(one.id, one);
  }
  const keys = nameKeysOf(own);
  if (keys.length > 0) {
    yield { kind: 'alike', entity: among, keys };
    const ids = ctx.alike(among, keys);
    if (ids.length > 0) yield { kind: 'records', ids };
    for (const one of ids.flatMap((id) => ctx.read(id) ?? [])) found.set(one.id, one);
  }
  found.delete(record.id);
  const others = [...found.values()]
    .filter((one) => !one.deleted)
    .map((one) => ({ record: one, likeness: likenessOf(rules, ctx.stored(one.id) ?? one) }));
  const common = commonTraits([own, ...others.map(({ likeness }) => likeness)]);
  return others
    .map((other): Like => ({ record: other.record, ...compare(own, other.likeness, common) }))
    .filter(({ sure, score }) => sure || score >= SUGGESTED)
    .sort((a, b) => b.score - a.score || (a.record.id < b.record.id ? -1 : 1))
    .slice(0, limit);
}

/** Throws ENTITY_UNKNOWN, DUPLICATES_UNDEFINED. */
export function rulesOf(entities: EntityRegistry, entity: string): DuplicateRules {
  const { duplicates } = entities.require(entity).definition;
  if (duplicates) return duplicates;
  throw new TaktError('DUPLICATES_UNDEFINED', { message: `The entity ${entity} does not say what tells that two of its records are one.` });
}

function queriesOf({ emails, phones }: Likeness, rules: DuplicateRules, entity: string): FindQuery[] {
  const by = (fields: readonly string[] = [], values: readonly string[]): FindQuery[] =>
    values
      .filter(({ length }) => length <= LONGEST)
      .slice(0, MOST_KEYS)
      .flatMap((value) => fields.map((field) => ({ entity, match: { [field]: value }, limit: MOST_OF_KEY })));
  return [...by(rules.email, emails), ...by(rules.phone, phones)];
}
