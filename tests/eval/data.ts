/** The data sets: where their files are, and which of their columns say what. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inFile, readText } from '../../api/cli/context.ts';
import { readEvaluationMap } from '../../api/cli/learning/map.ts';
import { type Examples, readExamples } from '../../api/cli/learning/read.ts';
import { TaktError } from '../../engine/errors/index.ts';
import { systemClock } from '../../engine/ports/clock.ts';

/** Plain or .gz, whichever is there. Throws TaktError EVAL_DATA_MISSING. @param name such as `leads.csv` */
export async function dataFile(dir: string, name: string): Promise<string> {
  for (const path of [join(dir, `${name}.gz`), join(dir, name)]) {
    const there = await access(path).then(
      () => true,
      () => false,
    );
    if (there) return path;
  }
  throw new TaktError('EVAL_DATA_MISSING', { message: `${dir} has neither ${name}.gz nor ${name}.` });
}

/** The map of a data set, by its name. */
const mapPath = (name: string): string => fileURLToPath(new URL(`maps/${name}.json`, import.meta.url));

/** Throws TaktError EVAL_DATA_MISSING, and what {@link readExamples} throws. */
export async function dataSet(dir: string, name: string): Promise<Examples> {
  const map = readEvaluationMap(await readText(mapPath(name)));
  const path = await dataFile(dir, `${name}.csv`);
  return inFile(path, () => readExamples(path, map, systemClock.now()));
}
