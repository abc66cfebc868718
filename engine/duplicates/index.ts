/** Duplicates: what tells that two records are one. Knows no database. */
export { candidatePairs, commonTraits } from './candidates.ts';
export { compare, SUGGESTED } from './compare.ts';
export { nameKeysOf } from './keys.ts';
export { type Likeness, likenessOf } from './likeness.ts';
export { reasonInWords } from './words.ts';
