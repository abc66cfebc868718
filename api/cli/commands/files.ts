/** Files that workflows have made. */
import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { TaktError } from '../../../engine/errors/index.ts';
import { examples, jsonOption, limitOption } from '../arguments.ts';
import { type CliContext, take } from '../context.ts';
import { count, dim, moment, showJson, showTable } from '../show.ts';

export function addFiles(program: Command, context: CliContext): void {
  const { io } = context;
  program
    .command('files')
    .description('files that workflows have made, such as reports')
    .command('list')
    .description('list the files, newest first')
    .addOption(limitOption())
    .addOption(jsonOption())
    .action((options: { limit: number; json?: true }) =>
      context.visit(async ({ files }) => {
        const { items, more } = await take((size, cursor) => files.page(size, cursor), options.limit);
        if (options.json)
          return showJson(
            io,
            items.map((file) => ({ ...file, createdAt: new Date(file.createdAt).toISOString() })),
          );
        showTable(
          io,
          ['id', 'made (UTC)', 'name', 'bytes', 'record', 'run'],
          items.map((file) => [file.id, moment(file.createdAt), file.name, count(file.size), file.recordId, file.runId]),
          'There are no files.',
        );
        if (more) io.err(dim(io, `There are more: --limit ${options.limit * 10}`));
      }),
    );
  program
    .command('file')
    .description('work with one file')
    .command('get')
    .description('write a file to the disk; one that is there already is not replaced')
    .argument('<id>')
    .requiredOption('--out <path>', 'where to')
    .addHelpText('after', examples('takt file get 01930a2b-… --out report.pdf'))
    .action((id: string, options: { out: string }) =>
      context.visit(async ({ files }) => {
        const { name, bytes } = await files.read(id);
        await save(options.out, bytes);
        io.out(`${name}: ${count(bytes.byteLength)} bytes written to ${options.out}`);
      }),
    );
}

/** Throws TaktError FILE_UNWRITABLE. */
async function save(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(path, bytes, { flag: 'wx' });
  } catch (cause) {
    const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    const why = exists ? 'it is there already' : cause instanceof Error ? cause.message : String(cause);
    throw new TaktError('FILE_UNWRITABLE', { message: `${path} cannot be written: ${why}.`, cause });
  }
}
