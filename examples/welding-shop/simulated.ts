/** The month in virtual time, by `takt simulate`, and what came of each lead, read from its timelines. */
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Temporal } from 'temporal-polyfill';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Assignment } from './measures.ts';
import type { Month } from './month/month.ts';

const takt = fileURLToPath(new URL('../../bin/takt.mjs', import.meta.url));
const workflows = fileURLToPath(new URL('workflows/', import.meta.url));
/** A month of timelines is some tens of megabytes. */
const MOST_OUTPUT = 1_000_000_000;

const Step = Type.Object({ at: Type.String(), node: Type.String(), type: Type.String(), output: Type.Unknown() });
/** Of what `takt simulate --json --timeline all` tells, the part that is looked at. */
const Output = Type.Object({
  failed: Type.Array(Type.Object({ workflow: Type.String(), message: Type.String() })),
  refusedInputs: Type.Array(Type.Object({ what: Type.String(), message: Type.String() })),
  timelines: Type.Optional(
    Type.Array(Type.Object({ workflow: Type.String(), record: Type.Union([Type.String(), Type.Null()]), steps: Type.Array(Step) })),
  ),
});
type Output = Static<typeof Output>;

const Candidate = Type.Object({ id: Type.String(), name: Type.String() });
/** The output of a node that assigns. */
const Assigned = Type.Object({ owner: Type.String(), candidates: Type.Array(Candidate) });

/** Writes the files of the month into a folder, where people can look at them and simulate them by hand. */
export async function writeMonth(folder: string, { events, records, script }: Month): Promise<void> {
  await mkdir(folder, { recursive: true });
  const lines = (list: readonly unknown[]): string => list.map((one) => `${JSON.stringify(one)}\n`).join('');
  await writeFile(join(folder, 'events.jsonl'), lines(events));
  await writeFile(join(folder, 'records.jsonl'), lines(records));
  await writeFile(join(folder, 'script.json'), JSON.stringify(script, null, 2));
}

/**
 * @param folder with the files of the month
 * @param distribution name of the workflow file that gives leads to people
 * @throws where takt fails, a run has failed or an input was refused: measures of such a month would say nothing
 */
export async function assignmentsOf(folder: string, month: Month, distribution: string): Promise<Assignment[]> {
  const files = [join(workflows, distribution), join(workflows, 'first-answer.json')];
  const input = [
    '--script',
    join(folder, 'script.json'),
    '--events',
    join(folder, 'events.jsonl'),
    '--records',
    join(folder, 'records.jsonl'),
  ];
  const argv = [takt, 'simulate', '--workflows', ...files, ...input, '--until', month.until, '--timeline', 'all', '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { maxBuffer: MOST_OUTPUT });
  const output: Output = Value.Parse(Output, JSON.parse(stdout));
  const [failed] = output.failed;
  if (failed) throw new Error(`Runs of ${failed.workflow} have failed: ${failed.message}`);
  const [refused] = output.refusedInputs;
  if (refused) throw new Error(`Takt has refused "${refused.what}": ${refused.message}`);
  return assignmentsIn(output, month);
}

function assignmentsIn({ timelines = [] }: Output, { start, leads, timetables }: Month): Assignment[] {
  const begin = Date.parse(start);
  const momentOf = (at: string): number => begin + Temporal.Duration.from(at).total('milliseconds');
  const keys = new Map(timetables.map(({ person, name }) => [name, person]));
  const people = new Map<string, string>();
  const given = new Map<string, { owner: string; at: number }>();
  const touched = new Map<string, number>();
  for (const { record, steps } of timelines) {
    const lead = /\(@([\w-]+)\)$/.exec(record ?? '')?.[1];
    if (lead === undefined) continue;
    for (const { at, node, type, output } of steps) {
      if (node === 'answered') touched.set(lead, momentOf(at));
      if (!type.startsWith('assign.') || !Value.Check(Assigned, output)) continue;
      for (const { id, name } of output.candidates) people.set(id, keys.get(name) ?? name);
      if (!given.has(lead)) given.set(lead, { owner: output.owner, at: momentOf(at) });
    }
  }
  return leads.map(({ as: lead, arrivedAt, dueAt }) => {
    const first = given.get(lead);
    const person = first === undefined ? null : (people.get(first.owner) ?? first.owner);
    return { lead, person, arrivedAt, assignedAt: first?.at ?? null, firstTouchAt: touched.get(lead) ?? null, dueAt };
  });
}
