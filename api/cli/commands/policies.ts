/** What the priorities of records allow. */
import { type Command, Option } from 'commander';
import { TaktError } from '../../../engine/errors/index.ts';
import type { PriorityPolicy } from '../../../engine/services/policies.ts';
import type { Policy } from '../../../schemas/entity.ts';
import { examples, jsonOption, wholeNumber } from '../arguments.ts';
import { type CliContext, cliAuthor } from '../context.ts';
import { showJson, showTable } from '../show.ts';

const CONTACT: readonly Policy['contact'][] = ['people_only', 'offered', 'automatic'];
const priorityNumber = wholeNumber(0, 999);

export function addPolicies(program: Command, context: CliContext): void {
  const policy = program
    .command('policy')
    .description('who may write to a client, and whether a person takes the record, by priority (docs/policies.md)');
  addList(policy, context);
  addSet(policy, context);
  addReset(policy, context);
}

function addList(policy: Command, { io, visit }: CliContext): void {
  policy
    .command('list')
    .description('list what each priority allows')
    .argument('[entity]', 'only of this entity: lead, deal')
    .addOption(jsonOption())
    .action((entity: string | undefined, options: { json?: true }) =>
      visit(async ({ engine }) => {
        const list = await engine.policies.list(entity);
        if (options.json) return showJson(io, list);
        showTable(
          io,
          ['entity', 'priority', 'contact', 'person'],
          list.map(({ entity, priority, contact, person }) => [entity, priority, contact, yesNo(person)]),
          'No priority has a policy: everything is allowed.',
        );
      }),
    );
}

function addSet(policy: Command, { io, visit }: CliContext): void {
  policy
    .command('set')
    .description('say what is allowed with the records of a priority; what is left out stays as it is')
    .argument('<entity>')
    .argument('<priority>', 'such as 2', priorityNumber)
    .addOption(new Option('--contact <who>', 'who may write to the client').choices(CONTACT))
    .addOption(new Option('--person <yes|no>', 'is the record given to a person?').choices(['yes', 'no']))
    .addOption(jsonOption())
    .addHelpText('after', examples('takt policy set lead 2 --contact automatic', 'takt policy set deal 5 --person yes'))
    .action((entity: string, priority: number, options: { contact?: Policy['contact']; person?: 'yes' | 'no'; json?: true }) =>
      visit(async ({ engine }) => {
        const { contact, person } = options;
        if (contact === undefined && person === undefined)
          throw new TaktError('CLI_USAGE', { message: 'Nothing is said of the priority.', hint: 'Give --contact, --person, or both.' });
        const change = { ...(contact && { contact }), ...(person && { person: person === 'yes' }) };
        const kept = await engine.policies.set(entity, priority, change, cliAuthor());
        if (options.json) showJson(io, kept);
        else io.out(inWords(kept));
      }),
    );
}

function addReset(policy: Command, { io, visit }: CliContext): void {
  policy
    .command('reset')
    .description('put the policy of a priority back to that of Takt')
    .argument('<entity>')
    .argument('<priority>', 'such as 2', priorityNumber)
    .addOption(jsonOption())
    .action((entity: string, priority: number, options: { json?: true }) =>
      visit(async ({ engine }) => {
        const kept = await engine.policies.reset(entity, priority, cliAuthor());
        if (options.json) showJson(io, kept);
        else io.out(kept ? inWords(kept) : `${entity}, priority ${priority}: everything is allowed.`);
      }),
    );
}

const yesNo = (value: boolean): string => (value ? 'yes' : 'no');

const inWords = ({ entity, priority, contact, person }: PriorityPolicy): string =>
  `${entity}, priority ${priority}: contact ${contact}, person ${yesNo(person)}.`;
