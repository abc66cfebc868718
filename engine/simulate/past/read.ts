/** Models and the past that they learn from, as they stand in scenarios and scripts. */

import type { JsonObject } from '../../../schemas/json.ts';
import type { ModelDefinition } from '../../../schemas/model.ts';
import { MOST_PAST, type Past } from '../../../schemas/past.ts';
import { type ErrorCode, TaktError } from '../../errors/index.ts';
import { parseDuration } from '../../time/duration.ts';
import { compileDelay, type Delay } from '../script/delay.ts';
import { compileChance, compileFields, compileValues, type Draw } from '../script/values.ts';

export interface PastPlan {
  /** Where it stands in the file. */
  pointer: string;
  entity: string;
  count: number;
  /** Milliseconds before the start. */
  over: number;
  data: (draw: Draw) => JsonObject;
  chance: (draw: Draw) => number;
  delay: Delay;
  success: (draw: Draw) => JsonObject;
  failure: (draw: Draw) => JsonObject;
}

/** What models are to be there, and what they learn from. */
export interface Lessons {
  models: readonly { definition: ModelDefinition; pointer: string }[];
  past: readonly PastPlan[];
}

export const NO_LESSONS: Lessons = { models: [], past: [] };

interface Written {
  models?: ModelDefinition[];
  past?: Past[];
}

/**
 * @param common what holds where `written` says nothing else: models of other ids; the past, where there is none of its own
 * @param problems gets what is wrong, under the pointer of the file's part and with the file's code
 */
export function readLessons(written: Written, common: Lessons, pointer: string, code: ErrorCode, problems: TaktError[]): Lessons {
  const { models = [], past } = written;
  // The same object, so that what was learned once is not learned again.
  if (models.length === 0 && past === undefined) return common;
  const own = models.map((definition, i) => ({ definition, pointer: `${pointer}/models/${i}` }));
  const ids = new Set(own.map(({ definition }) => definition.id));
  for (const [i, one] of own.entries()) {
    if (own.findIndex(({ definition }) => definition.id === one.definition.id) === i) continue;
    problems.push(
      new TaktError(code, {
        pointer: `${one.pointer}/id`,
        message: `There are two models "${one.definition.id}".`,
        hint: 'Name each once.',
      }),
    );
  }
  const total = (past ?? []).reduce((sum, { count }) => sum + count, 0);
  if (total > MOST_PAST)
    problems.push(
      new TaktError(code, {
        pointer: `${pointer}/past`,
        message: `The past has ${total} records; ${MOST_PAST} are the most.`,
        hint: 'Some hundreds are enough to learn from.',
      }),
    );
  return {
    models: [...common.models.filter(({ definition }) => !ids.has(definition.id)), ...own],
    past: past === undefined ? common.past : past.map((one, i) => readPast(one, `${pointer}/past/${i}`, problems)),
  };
}

function readPast(past: Past, pointer: string, problems: TaktError[]): PastPlan {
  const { entity, count, over, data, chance, success, failure } = past;
  return {
    pointer,
    entity,
    count,
    over: parseDuration(over),
    data: compileFields(data, `${pointer}/data`, problems),
    chance: compileChance(chance, `${pointer}/chance`, problems),
    delay: compileDelay({ after: ['PT1H', 'P30D'], ...past }, pointer, problems),
    success: compileValues(success, `${pointer}/success`, problems),
    failure: compileValues(failure, `${pointer}/failure`, problems),
  };
}
