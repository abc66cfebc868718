/** Duplicates: what tells that two records are one, and how a record finds its likes. Knows no database. */
export { candidatePairs, commonTraits } from './candidates.ts';
export { compare, type Reason, SUGGESTED } from './compare.ts';
export { findLikes, type Like } from './find.ts';
export { nameKeysOf } from './keys.ts';
export { type Likeness, likenessOf, namesOf } from './likeness.ts';
export { type MergeRecord, mergeRecords } from './merge.ts';
export { type KeptMerge, type Unmerged, undoMerge } from './undo.ts';
export { reasonInWords } from './words.ts';
