import type { Command } from 'commander';
import { reasonInWords } from '../../../engine/duplicates/index.ts';
import { TaktError } from '../../../engine/errors/index.ts';
import { examples, jsonOption, limitOption } from '../arguments.ts';
import { type CliContext, cliAuthor } from '../context.ts';
import { authorText, moment, showJson, showTable, textOf } from '../show.ts';

export function addDuplicates(program: Command, context: CliContext): void {
  const { io } = context;
  const duplicates = program.command('duplicates').description('records that are the same: find, merge, take back');
  duplicates
    .command('find')
    .description('show records that are, or may be, the same, and why')
    .argument('<record>', 'id of the record')
    .option('--among <entity>', "records of this entity; without it, of the record's own")
    .addOption(limitOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('takt duplicates find 01930a2b-…', 'takt duplicates find 01930a2b-… --among contact --json'))
    .action((record: string, { among, limit, json }: { among?: string; limit: number; json?: true }) =>
      context.visit(async ({ engine }) => {
        const found = await engine.duplicates.of(record, among, limit);
        const likes = found.map(({ reasons, ...like }) => ({
          ...like,
          why: reasons.map((reason) => reasonInWords(reason, 'en')).join(' '),
        }));
        if (json) return showJson(io, { duplicates: likes });
        showTable(
          io,
          ['record', 'name', 'likeness', 'why'],
          likes.map((like) => [
            like.record.id,
            textOf(like.record.name),
            like.sure ? 'sure' : `${Math.round(like.score * 100)} %`,
            like.why,
          ]),
          'Nothing is like this record.',
        );
      }),
    );
  duplicates
    .command('merge')
    .description('make one record of two: the winner stays, the loser is deleted; within 30 days it can be taken back')
    .argument('<winner>', 'id of the record that stays')
    .argument('<loser>', 'id of the record that goes')
    .addOption(jsonOption())
    .addHelpText('after', examples('takt duplicates merge 01930a2b-… 01930a2c-…'))
    .action((winner: string, loser: string, { json }: { json?: true }) =>
      context.visit(async ({ engine }) => {
        await engine.records.get(winner);
        await engine.records.get(loser);
        const done = await engine.intake.submitOne({ kind: 'merge', id: winner, loser }, cliAuthor());
        if (done.kind !== 'merged') throw new TaktError('INTERNAL', { message: 'A merge became something else.' });
        const { id, changes } = done.merge;
        if (json) return showJson(io, { merge: id, winner, loser, changed: Object.keys(changes.fields), links: changes.links.length });
        io.out(
          `Merged. Changed: ${Object.keys(changes.fields).join(', ') || 'nothing'}; ${changes.links.length} fields of others refer to it now.`,
        );
        io.out(`To take it back: takt duplicates undo ${id}`);
      }),
    );
  duplicates
    .command('undo')
    .description('take a merge back, as far as nobody has changed since what it wrote')
    .argument('<merge>', 'id of the merge')
    .addOption(jsonOption())
    .addHelpText('after', examples('takt duplicates undo 01930a2d-…'))
    .action((merge: string, { json }: { json?: true }) =>
      context.visit(async ({ engine }) => {
        const done = await engine.intake.submitOne({ kind: 'unmerge', id: merge }, cliAuthor());
        if (done.kind !== 'unmerged') throw new TaktError('INTERNAL', { message: 'A merge became something else.' });
        const { undone } = done;
        if (json) return showJson(io, undone);
        io.out(`Taken back: ${undone.loser} is there again, and ${undone.links} fields of others refer to it.`);
        io.out(`Fields with their old value: ${undone.restored.join(', ') || 'none'}.`);
        if (undone.left.length > 0) io.out(`Left, as somebody has changed them since: ${undone.left.join(', ')}.`);
      }),
    );
  duplicates
    .command('merges')
    .description('show the merges that a record came out of or went into, newest first')
    .argument('<record>', 'id of the record')
    .addOption(limitOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('takt duplicates merges 01930a2b-…'))
    .action((record: string, { limit, json }: { limit: number; json?: true }) =>
      context.visit(async ({ engine }) => {
        const found = await engine.duplicates.mergesOf(record, limit);
        if (json) return showJson(io, { merges: found });
        showTable(
          io,
          ['merge', 'at', 'stays', 'went', 'by', 'taken back'],
          found.map((one) => [
            one.id,
            moment(one.at),
            one.winner,
            one.loser,
            authorText(one.author),
            one.undoneAt === null ? '' : moment(one.undoneAt),
          ]),
          'This record was never merged.',
        );
      }),
    );
}
