/** A small sales department to look around in: people, teams, two workflows, a few leads. */
import { readFile } from 'node:fs/promises';
import type { Engine } from '../../engine/engine.ts';
import { TaktError } from '../../engine/errors/index.ts';
import { parseWorkflowText } from '../../engine/graph/parse.ts';
import type { Author } from '../../engine/store/schema.ts';
import type { JsonObject } from '../../schemas/json.ts';

const author: Author = { kind: 'system', id: 'demo' };

const PEOPLE = [
  { key: 'demo-anna', first_name: 'Anna', last_name: 'Lind', position: 'Senior account executive' },
  { key: 'demo-omar', first_name: 'Omar', last_name: 'Haddad', position: 'Senior account executive' },
  { key: 'demo-mei', first_name: 'Mei', last_name: 'Tan', position: 'Account executive' },
  { key: 'demo-pavel', first_name: 'Pavel', last_name: 'Sokolov', position: 'Account executive' },
  { key: 'demo-ines', first_name: 'Inês', last_name: 'Duarte', position: 'Sales development' },
].map((person) => ({
  ...person,
  emails: [
    `${person.first_name
      .normalize('NFD')
      .replace(/\P{ASCII}/gu, '')
      .toLowerCase()}@takt.example`,
  ],
}));

const TEAMS = [
  { key: 'top', name: 'Top accounts', members: ['demo-anna', 'demo-omar'] },
  { key: 'sales', name: 'Sales', members: ['demo-mei', 'demo-pavel', 'demo-ines'] },
];

const LEADS = [
  lead('demo-1', 'Grace', 'Okafor', {
    company_name: 'Northwind Steel',
    employees: 420,
    source: 'Reference',
    phones: ['+442079460958'],
    budget: { amount: 1_800_000, currency: 'RUB' },
  }),
  lead('demo-2', 'Luis', 'Ferrer', {
    company_name: 'Talleres Ferrer',
    employees: 60,
    source: 'Google',
    phones: ['+34912345678'],
    returning: true,
  }),
  lead('demo-3', 'Hanna', 'Virtanen', { company_name: 'Kotka Marine', employees: 85, source: 'Live chat', phones: ['+358912345678'] }),
  lead('demo-4', 'Samir', 'Patel', { source: 'Google' }),
  lead('demo-5', 'Olga', 'Petrova', { company_name: 'SvarkaPro', source: 'Word of mouth', phones: ['+74951234567'] }),
  lead('demo-6', 'Jo', 'Weber', { source: 'Facebook', email_opt_out: true }),
];

function lead(key: string, first: string, last: string, data: JsonObject): JsonObject {
  return { key, first_name: first, last_name: last, emails: [`${first}.${last}@leads.example`.toLowerCase()], ...data };
}

/** The routing is published first: it must not miss the first scores. */
const WORKFLOWS = ['lead-routing', 'lead-scoring'];

/** Everything has a key, so that a load that was broken off is simply repeated. The leads come last: they start the workflows. */
export async function loadDemo(engine: Engine): Promise<void> {
  const users = await write(engine, 'user', PEOPLE);
  const teams = TEAMS.map((team) => ({ ...team, members: team.members.flatMap((key) => users.get(key) ?? []) }));
  await write(engine, 'team', teams);
  for (const name of WORKFLOWS) await publish(engine, name);
  await write(engine, 'lead', LEADS);
}

/** Gives the ids by key. */
async function write(engine: Engine, entity: string, list: readonly JsonObject[]): Promise<Map<string, string>> {
  const outcomes = await engine.intake.submit(
    list.map((data) => ({ kind: 'create', entity, data, onExisting: 'skip' })),
    author,
  );
  const ids = new Map<string, string>();
  for (const outcome of outcomes) {
    if (!outcome.ok) throw outcome.error;
    if (outcome.value.kind === 'record') ids.set(String(outcome.value.record.key), outcome.value.record.id);
  }
  return ids;
}

async function publish(engine: Engine, name: string): Promise<void> {
  const text = await readFile(new URL(`../../workflows/${name}.json`, import.meta.url), 'utf8');
  await engine.workflows.saveDraft(parseWorkflowText(text));
  try {
    await engine.workflows.publish(name, author, 'Comes with Takt');
  } catch (error) {
    if (!(error instanceof TaktError && error.code === 'WORKFLOW_UNCHANGED')) throw error;
  }
}
