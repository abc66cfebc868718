/** What a scenario has come to, as lines for people. */
import type { Json, JsonObject } from '../../../schemas/json.ts';
import type { TimelineKind } from '../../../schemas/scenario.ts';
import { isoDuration } from '../offset.ts';
import type { ComparedEntry, Misfit } from './compare.ts';
import type { ScenarioResult } from './run.ts';

const MARKS = { 'as expected': ' ', missing: '-', extra: '+' } as const;
/** Of what has happened, only what one tells entries apart by. */
const HEADLINES: Readonly<Record<TimelineKind, readonly string[]>> = {
  message: ['channel', 'to', 'subject'],
  task: ['title', 'owner', 'kind'],
  end: ['workflow', 'status', 'outcome', 'record', 'error'],
  created: ['entity', 'id', 'name', 'title'],
  change: ['record', 'field', 'from', 'to'],
  request: ['connector', 'method', 'url'],
  undelivered: ['connector', 'to', 'subject', 'error'],
  refused: ['workflow', 'record', 'error'],
};
const LONGEST = 60;

/** Nothing for a scenario that has passed. Lines with `-` are missing, those with `+` were not expected. */
export function scenarioReport(result: ScenarioResult): string[] {
  if (result.passed) return [];
  const { error, timeline, final, openTasks } = result;
  const width = Math.max(0, ...timeline.map((entry) => isoDuration(entry.at).length));
  return [
    ...(error
      ? [`${error.pointer ?? ''}: ${error.message} [${error.code}]`.replace(/^: /, ''), ...(error.hint ? [`  ${error.hint}`] : [])]
      : []),
    ...(error?.errors ?? []).map((one) => `  ${one.pointer ?? ''}: ${one.message} [${one.code}]`),
    ...timeline.flatMap((entry) => entryLines(entry, width)),
    ...final.flatMap(({ record, misfits }) => misfits.map((one) => `${record} in the end: ${misfitText(one)}`)),
    ...openTasks.map(
      ({ state, task }) => `${MARKS[state]} open in the end: ${fieldsText(task, state === 'missing' ? undefined : HEADLINES.task)}`,
    ),
  ];
}

function entryLines({ state, at, kind, value, likeliest }: ComparedEntry, width: number): string[] {
  const time = isoDuration(at).padEnd(width);
  const line = `${MARKS[state]} ${time}  ${kind} ${fieldsText(value, state === 'missing' ? undefined : HEADLINES[kind])}`;
  if (!likeliest) return [line];
  const { at: when, misfits } = likeliest;
  const differences = [...(when === at ? [] : [`at: expected ${isoDuration(at)}, was ${isoDuration(when)}`]), ...misfits.map(misfitText)];
  return [line, ...differences.map((text) => `  ${' '.repeat(width)}    ${text}`)];
}

const misfitText = ({ field, wanted, actual }: Misfit): string => `${field}: expected ${short(wanted)}, was ${short(actual)}`;

function fieldsText(value: JsonObject, only: readonly string[] | undefined): string {
  const names = (only ?? Object.keys(value)).filter((name) => value[name] !== undefined && (only === undefined || value[name] !== null));
  return names.map((name) => `${name}=${short(value[name] ?? null)}`).join(' ');
}

function short(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1).toWellFormed()}…` : text;
}
