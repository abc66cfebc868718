/** Bounds of what is done about records that are alike, the same on every store. */

/** Entries under one key, the newest: a key that more records have says little. */
export const MOST_OF_KEY = 300;
/** Records that a question is answered by: those with the most keys in common, the newest of them first. */
export const MOST_ALIKE = 100;
/** Open runs of one record that go on with another at once. */
export const MOST_MOVED = 1_000;
