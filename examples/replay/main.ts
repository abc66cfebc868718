/** How the tickets of a real log were given to people, and how Takt would have: `npm run -s replay -- --data DIR [--json]`. */
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { processIo } from '../../api/cli/io.ts';
import { showError, showJson, showTable } from '../../api/cli/show.ts';
import { compare } from './compare.ts';
import { headline, rows } from './show.ts';

const FILE = 'incident-event-log.csv.gz';
/** A line about how far it is every so many milliseconds. */
const TELL_EVERY = 5_000;

const { values } = parseArgs({ options: { data: { type: 'string' }, json: { type: 'boolean' } } });
const folder = values.data ?? process.env.TAKT_DATA_DIR;
if (folder === undefined) {
  console.error(`Where is ${FILE}? Give its folder: npm run -s replay -- --data DIR`);
  process.exit(2);
}

const io = processIo();
let told = performance.now();
async function tell(what: string, done: number): Promise<void> {
  if (performance.now() - told < TELL_EVERY) return;
  told = performance.now();
  io.err(`${what}: ${Math.floor(100 * done)} %`);
  await setImmediate();
  io.signal.throwIfAborted();
}

try {
  const comparison = await compare(join(folder, FILE), tell);
  if (values.json) showJson(io, comparison);
  else {
    io.out(headline(comparison));
    showTable(io, ['', 'as it was', 'by Takt'], rows(comparison), '');
  }
} catch (error) {
  showError(io, error);
  process.exitCode = 1;
}
