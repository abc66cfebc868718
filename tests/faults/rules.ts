/** What must hold when a world has come to rest, whatever has happened in it. */

import { Books } from './books.ts';
import { RULES_OF_THE_OUTSIDE } from './rules-outside.ts';
import { RULES_OF_RECORDS } from './rules-records.ts';
import { RULES_OF_RUNS } from './rules-runs.ts';
import type { Finding, World } from './world.ts';

/** The rules that the world does not keep. */
export function broken(world: World): Finding[] {
  const books = new Books(world);
  const rules = [...RULES_OF_RUNS, ...RULES_OF_RECORDS, ...RULES_OF_THE_OUTSIDE];
  return rules.flatMap(({ rule, ask }) => ask(books).map((detail) => ({ rule, detail })));
}
