/** What a question for records that are alike looks at, on every store. */

/** Entries under one key, the newest: a key that more records have says little. */
export const MOST_OF_KEY = 200;
/** Records that a question is answered by: those with the most keys in common, the newest of them first. */
export const MOST_ALIKE = 50;
