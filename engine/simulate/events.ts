/** Files of what happened, or is to happen, outside: JSON lines. */
import { NamedRecord } from '../../schemas/action.ts';
import type { Json } from '../../schemas/json.ts';
import { TimedLine } from '../../schemas/simulation.ts';
import { asTaktError, TaktError } from '../errors/index.ts';
import { type Check, checker } from '../schema/checker.ts';
import { checkJsonShape, parseJson } from '../schema/json.ts';
import { parseDuration } from '../time/duration.ts';
import { readMoment } from '../time/written.ts';
import type { Action } from './actions/action.ts';
import { readAction } from './actions/read.ts';
import { invalid } from './script/read.ts';

export interface WrittenEvent {
  /** A moment, milliseconds since the epoch, or a time after the start. */
  at: { moment: number } | { offset: number };
  action: Action;
}

const fitsEvent = checker<TimedLine>(() => TimedLine);
const fitsRecord = checker<NamedRecord>(() => NamedRecord);
/** Past so many broken lines the rest would say nothing new. */
const MOST_PROBLEMS = 100;

/** Lines `{ "at", … }` with an action each. Throws TaktError SIMULATION_INVALID with every problem and its line. */
export function readEvents(text: string): WrittenEvent[] {
  return readLines(text, (value, problems) => {
    if (!fitsEvent(value)) return told(fitsEvent, problems);
    const { at, ...written } = value;
    const moment = at.startsWith('P') ? { offset: parseDuration(at) } : momentOf(at);
    const action = readAction(written, '', 'SIMULATION_INVALID', problems);
    return action && { at: moment, action };
  });
}

/** Records, one a line or as one JSON array. Throws TaktError SIMULATION_INVALID with every problem and its line. */
export function readRecords(text: string): NamedRecord[] {
  const read = (value: Json, problems: TaktError[]): NamedRecord | undefined => (fitsRecord(value) ? value : told(fitsRecord, problems));
  if (!text.trimStart().startsWith('[')) return readLines(text, read);
  const list = checkJsonShape(parseJson(text, 'SIMULATION_INVALID'));
  const problems: TaktError[] = [];
  const records = (Array.isArray(list) ? list : []).flatMap((value, i) => {
    const found: TaktError[] = [];
    const record = read(value, found);
    problems.push(
      ...found.map(
        (error) => new TaktError(error.code, { pointer: `/${i}${error.place.pointer ?? ''}`, message: error.message, hint: error.hint }),
      ),
    );
    return record ?? [];
  });
  if (problems.length > 0) throw invalid(problems.slice(0, MOST_PROBLEMS));
  return records;
}

function momentOf(at: string): { moment: number } {
  const moment = readMoment(at, 'UTC');
  if (moment) return { moment: moment.ms };
  throw new TaktError('SIMULATION_INVALID', {
    pointer: '/at',
    message: `"${at.slice(0, 40)}" is no moment.`,
    hint: 'Such as 2026-03-02T09:00:00Z.',
  });
}

function told(check: Pick<Check<unknown>, 'problems'>, problems: TaktError[]): undefined {
  problems.push(...check.problems().map((found) => new TaktError('SIMULATION_INVALID', found)));
}

function readLines<T>(text: string, read: (value: Json, problems: TaktError[]) => T | undefined): T[] {
  const problems: TaktError[] = [];
  const items: T[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '' || problems.length >= MOST_PROBLEMS) continue;
    const found: TaktError[] = [];
    try {
      const item = read(checkJsonShape(parseJson(line, 'SIMULATION_INVALID')), found);
      if (item !== undefined) items.push(item);
    } catch (error) {
      found.push(asTaktError(error));
    }
    for (const { code, message, hint, place } of found) problems.push(new TaktError(code, { ...place, line: index + 1, message, hint }));
  }
  if (problems.length > 0) throw invalid(problems);
  return items;
}
