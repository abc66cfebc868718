import { type Command, Option } from 'commander';
import type { RecordSort } from '../../../engine/store/queries/records.ts';
import { commaList, examples, jsonOption, limitOption } from '../arguments.ts';
import { type CliContext, namesOf, take } from '../context.ts';
import { authorText, dim, moment, showFields, showJson, showTable, showTitle, textOf } from '../show.ts';
import { addImport } from './import.ts';

interface ListOptions {
  where?: string;
  search?: string;
  sort: RecordSort;
  limit: number;
  columns?: string[];
  json?: true;
}

export function addRecords(program: Command, context: CliContext): void {
  const { io } = context;
  const records = program
    .command('records')
    .description('list the records of an entity, or import them')
    .argument('<entity>', 'lead, deal, task …')
    .option('--where <expression>', 'a condition (JSONata): "score >= 80"')
    .option('--search <text>', 'part of a name, phone, e-mail or key')
    .addOption(new Option('--sort <order>', 'order').choices(['created', '-created', 'name', '-name']).default('-created'))
    .option('--columns <names>', 'fields to show: name,score,city', commaList)
    .addOption(limitOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('takt records lead --where "score >= 80" --columns name,score,owner', 'takt records task --search reminder --json'),
    )
    .action((entity: string, options: ListOptions) =>
      context.visit(async ({ engine }) => {
        const { where, search, sort, limit } = options;
        const definition = (await engine.entities.registry()).require(entity).definition;
        const query = { entity, sort, ...(where === undefined ? {} : { where }), ...(search === undefined ? {} : { search }) };
        const { items, more } = await take((size, cursor) => engine.records.page(query, size, cursor), limit);
        if (options.json) return showJson(io, items);
        const columns = options.columns ?? ['id', 'name', ...(definition.stages ? ['stage'] : []), 'owner', 'created_at'];
        const names = await namesOf(engine, columns.includes('owner') ? items.map((item) => item.owner) : []);
        const cell = (value: unknown, column: string): unknown =>
          column === 'owner'
            ? (names.get(textOf(value)) ?? value)
            : column.endsWith('_at')
              ? textOf(value).slice(0, 19).replace('T', ' ')
              : value;
        showTable(
          io,
          columns,
          items.map((item) => columns.map((column) => cell(item[column], column))),
          `There are no such records of ${entity}.`,
        );
        if (more) io.err(dim(io, `There are more: --limit ${limit * 10}`));
      }),
    );
  addImport(records, context);

  program
    .command('record')
    .description('show a record: its fields and what happened to them')
    .argument('<id>')
    .addOption(limitOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('takt record 01930a2b-…', 'takt record 01930a2b-… --json | jq .changes'))
    .action((id: string, options: { limit: number; json?: true }) =>
      context.visit(async ({ engine }) => {
        const record = await engine.records.get(id);
        const { items, more } = await take((size, cursor) => engine.records.changes(id, size, cursor), options.limit);
        if (options.json)
          return showJson(io, { record, changes: items.map((change) => ({ ...change, at: new Date(change.at).toISOString() })) });
        showFields(io, Object.entries(record));
        showTitle(io, 'History, newest first (UTC)');
        for (const change of items) {
          io.out(`${moment(change.at)}  ${change.op} by ${authorText(change.author)}`);
          for (const [field, [before, after]] of Object.entries(change.changes)) {
            io.out(`    ${field}: ${before === null ? '' : `${textOf(before)} → `}${after === null ? '(empty)' : textOf(after)}`);
          }
        }
        if (more) io.err(dim(io, `There is more: --limit ${options.limit * 10}`));
      }),
    );
}
