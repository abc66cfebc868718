/** What leaves the house, and who may come in. */
import type { Command } from 'commander';
import { TaktError } from '../../../engine/errors/index.ts';
import { readScopes, SCOPES } from '../../access/scopes.ts';
import { commaList, examples, jsonOption, limitOption } from '../arguments.ts';
import { carryOut } from '../carry.ts';
import { type CliContext, take } from '../context.ts';
import { count, dim, moment, showFields, showJson, showTable } from '../show.ts';

export function addOutside(program: Command, context: CliContext): void {
  addMailbox(program, context);
  addEffects(program, context);
  addKeys(program, context);
}

function addMailbox(program: Command, context: CliContext): void {
  const { io } = context;
  program
    .command('mailbox')
    .description('the development mailbox: messages that would have been sent, newest first; or one of them')
    .argument('[id]')
    .addOption(limitOption())
    .addOption(jsonOption())
    .action((id: string | undefined, options: { limit: number; json?: true }) =>
      context.visit(async ({ mailbox }) => {
        if (id !== undefined) {
          const message = await mailbox.get(id);
          if (options.json) return showJson(io, { ...message, at: new Date(message.at).toISOString() });
          const { at, channel, sender, recipients, subject, attachments, recordId, runId } = message;
          showFields(io, [
            ['at', `${moment(at)} UTC`],
            ['channel', channel],
            ['from', sender],
            ['to', recipients],
            ['subject', subject],
            ['files', attachments.length === 0 ? null : attachments.map(({ name, file }) => `${name} (${file})`)],
            ['record', recordId],
            ['run', runId],
          ]);
          return io.out(`\n${message.text ?? message.html ?? ''}`);
        }
        const { items, more } = await take((size, cursor) => mailbox.page({}, size, cursor), options.limit);
        if (options.json)
          return showJson(
            io,
            items.map((message) => ({ ...message, at: new Date(message.at).toISOString() })),
          );
        showTable(
          io,
          ['id', 'at (UTC)', 'channel', 'to', 'subject'],
          items.map((message) => [message.id, moment(message.at), message.channel, message.recipients, message.subject ?? message.text]),
          'The mailbox is empty.',
        );
        if (more) io.err(dim(io, `There are more: --limit ${options.limit * 10}`));
      }),
    );
}

function addEffects(program: Command, context: CliContext): void {
  const { io } = context;
  const effects = program
    .command('effects')
    .description('the outbox: what is to be sent, was sent, or could not be; newest first')
    .option('--dead', 'only what could not be sent')
    .addOption(limitOption())
    .addOption(jsonOption())
    .action((options: { dead?: true; limit: number; json?: true }) =>
      context.visit(async ({ engine }) => {
        const { items, more } = await take(
          (size, cursor) => engine.effects.page(options.dead ? { status: 'dead' } : {}, size, cursor),
          options.limit,
        );
        const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
        if (options.json) {
          return showJson(
            io,
            items.map((one) => ({ ...one, nextAt: iso(one.nextAt), createdAt: iso(one.createdAt), settledAt: iso(one.settledAt) })),
          );
        }
        showTable(
          io,
          ['id', 'connector', 'to', 'status', 'attempts', 'next try (UTC)', 'error'],
          items.map((one) => [one.id, one.connector, one.destination, one.status, one.attempts, moment(one.nextAt), one.error?.message]),
          options.dead ? 'Nothing is dead.' : 'The outbox is empty.',
        );
        if (more) io.err(dim(io, `There are more: --limit ${options.limit * 10}`));
      }),
    );
  effects
    .command('retry')
    .description('send once more what could not be sent')
    .argument('[id]')
    .option('--all', 'everything that is dead')
    .option('--no-run', 'leave it to a server')
    .addHelpText('after', examples('takt effects retry --all'))
    .action((id: string | undefined, options: { all?: true; run: boolean }) =>
      context.visit(async (bench) => {
        if ((id === undefined) === (options.all === undefined)) throw new TaktError('CLI_USAGE', { message: 'Give an id, or --all.' });
        if (id === undefined) io.out(`${count(await bench.engine.effects.retryAll())} are sent once more.`);
        else {
          await bench.engine.effects.retry(id);
          io.out('It is sent once more.');
        }
        if (options.run) await carryOut(io, bench);
      }),
    );
}

function addKeys(program: Command, context: CliContext): void {
  const { io } = context;
  const keys = program.command('keys').description('keys of the API');
  keys
    .command('create')
    .description('make a key; it is shown this once')
    .argument('<name>', 'what it is for')
    .requiredOption('--scopes <names>', `what it may do, separated by commas: ${SCOPES.join(', ')}`, commaList)
    .addOption(jsonOption())
    .addHelpText('after', examples('takt keys create website --scopes records:write'))
    .action((name: string, options: { scopes: string[]; json?: true }) =>
      context.visit(async (bench) => {
        const { key, token } = await bench.keys.create(name, readScopes(options.scopes));
        if (options.json) return showJson(io, { id: key.id, name: key.name, scopes: key.scopes, token });
        io.err('The key, shown this once:');
        io.out(token);
      }),
    );
  keys
    .command('list')
    .description('list the keys')
    .addOption(limitOption(100))
    .addOption(jsonOption())
    .action((options: { limit: number; json?: true }) =>
      context.visit(async (bench) => {
        const { items } = await take((size, cursor) => bench.keys.page(size, cursor), options.limit);
        if (options.json) return showJson(io, items);
        showTable(
          io,
          ['id', 'name', 'scopes', 'made (UTC)', 'last used', 'revoked'],
          items.map((key) => [key.id, key.name, key.scopes, moment(key.createdAt), moment(key.lastUsedAt), moment(key.revokedAt)]),
          'There are no keys.',
        );
      }),
    );
  keys
    .command('revoke')
    .description('let a key open nothing any more')
    .argument('<id>')
    .action((id: string) =>
      context.visit(async (bench) => {
        await bench.keys.revoke(id);
        io.out('Revoked: at once here, within five seconds in a running server.');
      }),
    );
}
