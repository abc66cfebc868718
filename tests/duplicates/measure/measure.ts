/** How well duplicates are told: of generated records, of which it is known who is who. */
import { candidatePairs, commonTraits, compare, type Likeness, likenessOf, SUGGESTED } from '../../../engine/duplicates/index.ts';
import { checkRecord, EntityRegistry } from '../../../engine/records/index.ts';
import { builtInEntities } from '../../../schemas/entities/index.ts';
import { type Generated, type Generation, generate } from './generate.ts';

export interface Measured {
  records: number;
  /** Duplicates that are planted, each with the record that was there first. */
  pairs: number;
  /** Pairs that were compared. */
  compared: number;
  automatic: number;
  suggestions: number;
  /** Of the pairs that are held for one without asking, those that are. */
  precision_automatic: number;
  /** Of the planted pairs, those that are held for one without asking. */
  recall_automatic: number;
  /** Of the pairs that are suggested, those that are one. */
  precision_suggestions: number;
  /** Of the planted pairs that are not held for one without asking, those that are suggested. */
  recall_suggestions: number;
  /** Of the planted pairs, those that are found, one way or the other. */
  recall: number;
  /** Normalising, finding and comparing. */
  seconds: number;
}

export interface Judged {
  a: Generated;
  b: Generated;
  found: 'automatic' | 'suggested' | 'missed';
  right: boolean;
}

const entities = new EntityRegistry(builtInEntities);

/** @param judged hears of every pair that is one, or that was held for one */
export function measure(generation: Generation, judged: (pair: Judged) => void = () => {}): Measured {
  const records = generate(generation);
  const began = performance.now();
  const tally = {
    pairs: 0,
    compared: 0,
    automatic: 0,
    rightAutomatic: 0,
    plantedAutomatic: 0,
    suggested: 0,
    rightSuggested: 0,
    plantedSuggested: 0,
  };
  let outside = 0;
  for (const list of Map.groupBy(records, ({ entity }) => entity).values()) {
    const beganToList = performance.now();
    const missed = plantedPairs(list);
    tally.pairs += missed.size;
    outside += performance.now() - beganToList;
    const likenesses = list.map(normalised);
    const common = commonTraits(likenesses);
    for (const [i, j] of candidatePairs(likenesses)) {
      const [a, b, one, other] = [list[i], list[j], likenesses[i], likenesses[j]];
      if (!a || !b || !one || !other) continue;
      tally.compared++;
      const { sure, score } = compare(one, other, common);
      if (!sure && score < SUGGESTED) continue;
      const right = a.truth === b.truth;
      tally[sure ? 'automatic' : 'suggested']++;
      if (right) tally[sure ? 'rightAutomatic' : 'rightSuggested']++;
      if (missed.delete(`${i} ${j}`)) tally[sure ? 'plantedAutomatic' : 'plantedSuggested']++;
      judged({ a, b, found: sure ? 'automatic' : 'suggested', right });
    }
    for (const [a, b] of missed.values()) judged({ a, b, found: 'missed', right: true });
  }
  const { pairs, compared, automatic, rightAutomatic, plantedAutomatic, suggested, rightSuggested, plantedSuggested } = tally;
  return {
    records: records.length,
    pairs,
    compared,
    automatic,
    suggestions: suggested,
    precision_automatic: part(rightAutomatic, automatic),
    recall_automatic: part(plantedAutomatic, pairs),
    precision_suggestions: part(rightSuggested, suggested),
    recall_suggestions: part(plantedSuggested, pairs - plantedAutomatic),
    recall: part(plantedAutomatic + plantedSuggested, pairs),
    seconds: Math.round((performance.now() - began - outside) / 10) / 100,
  };
}

const part = (some: number, all: number): number => (all === 0 ? 1 : Math.round((some / all) * 10_000) / 10_000);

/** As a record is checked and stored. */
function normalised({ entity, data }: Generated): Likeness {
  const { definition } = entities.require(entity);
  if (!definition.duplicates) throw new TypeError(`Nothing tells duplicates of a ${entity}.`);
  return likenessOf(definition.duplicates, checkRecord(entities.require(entity), data, 'create', {}).data);
}

/** Each planted duplicate with the record that was there first, by their places in the list. */
function plantedPairs(list: readonly Generated[]): Map<string, [Generated, Generated]> {
  const originals = new Map(list.flatMap((one, i) => (one.planted ? [] : [[one.truth, i]])));
  const pairs = new Map<string, [Generated, Generated]>();
  for (const [i, one] of list.entries()) {
    const j = one.planted ? originals.get(one.truth) : undefined;
    const original = j === undefined ? undefined : list[j];
    if (j !== undefined && original) pairs.set(`${Math.min(i, j)} ${Math.max(i, j)}`, [one, original]);
  }
  return pairs;
}
