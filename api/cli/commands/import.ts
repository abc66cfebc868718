import { resolve } from 'node:path';
import type { Command } from 'commander';
import { TaktError } from '../../../engine/errors/index.ts';
import type { Workbench } from '../../start/assemble.ts';
import { examples, jsonOption, wholeNumber } from '../arguments.ts';
import { carryOut } from '../carry.ts';
import { type CliContext, inFile, readText } from '../context.ts';
import { BadRows } from '../import/bad-rows.ts';
import { type ImportResult, importRecords } from '../import/import.ts';
import { readImportMap } from '../import/map.ts';
import { showProgress } from '../import/progress.ts';
import { openImportFile } from '../import/text.ts';
import { INTERRUPTED, type Io } from '../io.ts';
import { count, duration, showJson } from '../show.ts';

interface ImportOptions {
  entity?: string;
  map: string;
  bad?: string;
  batch: number;
  run: boolean;
  dryRun?: true;
  json?: true;
}

/** With more written than this, PostgreSQL plans by statistics that are far off until it is told to look. */
const ANALYZE_FROM = 1_000;

export function addImport(records: Command, context: CliContext): void {
  records
    .command('import')
    .description('import records from CSV, JSON lines or a JSON array, plain or .gz; may be repeated')
    .argument('<file>')
    .requiredOption('--map <file>', 'which column becomes which field (docs/import.md)')
    .option('--entity <name>', 'the entity of the records; that of the map without it')
    .option('--bad <file>', 'where rows go that cannot be imported (FILE.bad.jsonl)')
    .option('--batch <n>', 'rows of one transaction', wholeNumber(1, 5_000), 500)
    .option('--no-run', 'leave the runs that this starts to a server')
    .option('--dry-run', 'check every row, write nothing')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'takt records import leads.csv.gz --entity lead --map map.json --dry-run',
        'takt records import leads.csv.gz --entity lead --map map.json',
      ),
    )
    .action((path: string, options: ImportOptions) => context.visit((bench) => run(context, bench, path, options)));
}

async function run(context: CliContext, bench: Workbench, path: string, options: ImportOptions): Promise<void> {
  const { io } = context;
  const map = await inFile(options.map, async () => readImportMap(await readText(options.map)));
  const entity = options.entity ?? map.entity;
  if (entity === undefined)
    throw new TaktError('CLI_USAGE', { message: 'For which entity?', hint: 'Add --entity lead, or "entity" to the map.' });
  if (map.entity !== undefined && map.entity !== entity) {
    throw new TaktError('CLI_USAGE', {
      message: `The map is for ${map.entity}, not for ${entity}.`,
      hint: `Use --entity ${map.entity}, or another map.`,
    });
  }
  const file = await openImportFile(path);
  const bad = new BadRows(options.bad ?? `${path}.bad.jsonl`);
  if ([path, options.map].some((input) => resolve(input) === resolve(bad.path))) {
    throw new TaktError('CLI_USAGE', { message: '--bad would overwrite an input.', hint: 'Name another file.' });
  }
  const started = performance.now();
  const progress = showProgress(io, 'rows', file.bytes);
  const dryRun = options.dryRun === true;
  let result: ImportResult;
  try {
    result = await inMap(options.map, () =>
      importRecords({
        engine: bench.engine,
        file,
        map,
        entity,
        bad,
        dryRun,
        author: { kind: 'system', id: 'import' },
        batch: options.batch,
        signal: io.signal,
        onProgress: (counts) => progress.update(file.read(), counts.rows),
      }),
    );
  } finally {
    progress.stop();
    await bad.close();
  }
  const milliseconds = Math.round(performance.now() - started);
  if (!dryRun && result.created + result.updated > ANALYZE_FROM)
    await bench.database.script('analyze records, record_keys, record_changes, events, runs');
  if (options.json) showJson(io, { ...result, milliseconds, ...(result.bad > 0 ? { badFile: bad.path } : {}) });
  else report(io, result, { milliseconds, dryRun, entity, badFile: bad.path });
  if (result.bad > 0) context.fail(1);
  if (result.interrupted) return context.fail(INTERRUPTED);
  if (!dryRun && options.run) await carryOut(io, bench);
}

function report(io: Io, result: ImportResult, told: { milliseconds: number; dryRun: boolean; entity: string; badFile: string }): void {
  const { rows, created, updated, unchanged, skipped, bad, valid, defined, unseen } = result;
  const { milliseconds, dryRun, entity, badFile } = told;
  const parts = (
    dryRun
      ? ([['valid', valid]] as const)
      : ([
          ['created', created],
          ['updated', updated],
          ['unchanged', unchanged],
        ] as const)
  )
    .map(([name, n]) => `${count(n)} ${name}`)
    .concat(skipped > 0 ? [`${count(skipped)} skipped`] : [], [`${count(bad)} bad`]);
  const rate = count(Math.round((rows * 1_000) / Math.max(1, milliseconds)));
  if (defined.length > 0) io.out(`Fields ${dryRun ? 'that would be added' : 'added'} to ${entity}: ${defined.join(', ')}.`);
  io.out(`${count(rows)} rows in ${duration(milliseconds)} (${rate} rows/s): ${parts.join(', ')}.`);
  if (unseen.length > 0) io.out(`No row had: ${unseen.join(', ')}. Check the names in the map.`);
  if (bad > 0) io.out(`The bad rows with their reasons: ${badFile}`);
  if (dryRun) io.out('Nothing was written (dry run).');
  if (result.interrupted) io.out('Stopped before the end of the file. What is counted above is kept; repeat the command to go on.');
}

/** Errors of the map name its file; others belong to the data. */
function inMap<T>(path: string, work: () => Promise<T>): Promise<T> {
  return work().catch((error: unknown) => {
    if (error instanceof TaktError && error.code === 'IMPORT_MAP_INVALID') return inFile(path, () => Promise.reject(error));
    throw error;
  });
}
