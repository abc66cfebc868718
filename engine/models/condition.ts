/** Whether an expression can be asked of a record and of what the record was: its names, and what the history cannot answer. */
import { asTaktError, type ErrorCode, TaktError } from '../errors/index.ts';
import { compileExpression, type Expression } from '../expression/index.ts';
import { checkCounts, checkScope, type Names, recordNames } from '../graph/scope.ts';
import type { Entity } from '../records/index.ts';

export interface AskedOfRecords {
  /** Of a problem that is no slip in the expression itself. */
  code: ErrorCode;
  /** Undefined: nobody knows its names. */
  entity: Entity | undefined;
  problems: TaktError[];
  /** Names at the root beside the fields and `record`. */
  more?: readonly string[];
}

/** @returns the expression, undefined where it cannot be read */
export function checkRecordExpression(source: string, pointer: string, asked: AskedOfRecords): Expression | undefined {
  const { code, entity, problems, more = [] } = asked;
  let expression: Expression;
  try {
    expression = compileExpression(source);
  } catch (thrown) {
    problems.push(asTaktError(thrown).at({ pointer }));
    return undefined;
  }
  if (entity) checkScope({ pointer, expression }, namesOf(entity, more), problems);
  checkCounts(expression, pointer, problems);
  for (const segment of expression.segments) {
    const message = `The history does not know who belonged to the segment "${segment}", so it cannot be asked for here.`;
    problems.push(new TaktError(code, { pointer, message, hint: 'Write its condition here.' }));
  }
  return expression;
}

/** Names of fields that it reads. */
export const fieldsIn = (expression: Expression): string[] =>
  expression.paths.flatMap(([first, second]) => (first === 'record' ? second : first) ?? []);

/** The fields at the root, beside `record`. */
function namesOf(entity: Entity, more: readonly string[]): Names {
  const record = recordNames(entity);
  if (record === 'open') return record;
  return { names: new Map<string, Names>([...record.names, ['record', record], ...more.map((name) => [name, 'open'] as const)]) };
}
