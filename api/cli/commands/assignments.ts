import type { Command } from 'commander';
import { isoOf } from '../../../engine/sdk.ts';
import { examples, jsonOption, limitOption } from '../arguments.ts';
import { type CliContext, cliAuthor, namesOf } from '../context.ts';
import { authorText, moment, showJson, showTable, textOf } from '../show.ts';
import { addMeasures } from './measures.ts';

/** In place of a user. */
const NOBODY = 'nobody';
/** Characters of a reason that are kept. */
const MOST_REASON = 500;

export function addAssignments(program: Command, context: CliContext): void {
  const { io } = context;
  const assignment = program.command('assignment').description('who had a record when, and why; how well records are given out');
  addMeasures(assignment, context);
  assignment
    .command('give')
    .description('give a record to somebody by hand; its history keeps the reason')
    .argument('<record>', 'id of the record')
    .argument('<user>', 'id or key of the user; `nobody` takes it from its owner')
    .requiredOption('--reason <text>', 'why, in a few words', (text) => text.slice(0, MOST_REASON))
    .addOption(jsonOption())
    .addHelpText('after', examples('takt assignment give 01930a2b-… olga --reason "speaks German"'))
    .action((record: string, user: string, { reason, json }: { reason: string; json?: true }) =>
      context.visit(async ({ engine }) => {
        const owner = user === NOBODY ? null : ((await engine.records.byKey('user', user))?.id ?? user);
        const given = await engine.assignments.give(record, owner, { ...cliAuthor(), reason });
        if (json) return showJson(io, given);
        io.out(`${textOf(given.name)} belongs to ${user} now.`);
      }),
    );
  assignment
    .command('explain')
    .description('show every change of owner: when, from whom to whom, how, by whom, and why not the others; newest first')
    .argument('<record>', 'id of the record')
    .addOption(limitOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('takt assignment explain 01930a2b-…', 'takt assignment explain 01930a2b-… --limit 1 --json'))
    .action((record: string, { limit, json }: { limit: number; json?: true }) =>
      context.visit(async ({ engine }) => {
        await engine.records.get(record);
        const found = await engine.assignments.of(record, limit);
        if (json)
          return showJson(io, {
            assignments: found.map(({ at, started, ...one }) => ({
              at: isoOf(at),
              started: started && { ...started, at: isoOf(started.at) },
              ...one,
            })),
          });
        if (found.length === 0) return io.out('Nobody has owned this record so far.');
        const names = await namesOf(
          engine,
          found.flatMap(({ from, to }) => [from, to]),
        );
        const name = (id: string | null): string => (id === null ? 'nobody' : (names.get(id) ?? id));
        for (const [i, one] of found.entries()) {
          if (i > 0) io.out('');
          const how = one.method === null ? '' : `, by ${one.method.replaceAll('_', ' ')}${one.pool === null ? '' : ` of ${one.pool}`}`;
          io.out(`${moment(one.at)}  ${name(one.from)} → ${name(one.to)}${how}`);
          io.out(`    ${one.workflow === null ? '' : `workflow ${one.workflow}, `}${authorText(one.by)}`);
          const { started } = one;
          if (started)
            io.out(`    started by ${started.event}${started.by === null ? '' : ` of ${authorText(started.by)}`}, ${moment(started.at)}`);
          if (one.candidates.length > 0) {
            showTable(
              io,
              ['candidate', 'could', 'why'],
              one.candidates.map((candidate) => [
                textOf(candidate.name),
                candidate.eligible === true ? 'yes' : 'no',
                textOf(candidate.why),
              ]),
              '',
            );
          }
        }
      }),
    );
}
