/** Whether a segment can be kept: its form, its entity, the names in its rule. */
import { SegmentDefinition } from '../../schemas/segment.ts';
import { asTaktError, TaktError } from '../errors/index.ts';
import { compileExpression, type Expression } from '../expression/index.ts';
import { checkCounts, checkScope, type Names, recordNames } from '../graph/scope.ts';
import type { Entity, EntityRegistry } from '../records/index.ts';
import { checker } from '../schema/checker.ts';
import { didYouMean } from '../schema/nearest.ts';

const fits = checker<SegmentDefinition>(() => SegmentDefinition);

/** Types of fields that hold a moment. */
const MOMENTS: ReadonlySet<string> = new Set(['date', 'date_time']);

/** The definition as it may be kept. Throws TaktError SEGMENT_INVALID with every problem under `errors`. */
export function checkSegment(value: unknown, entities: EntityRegistry): SegmentDefinition {
  if (!fits(value)) {
    throw invalid(fits.problems().map((problem) => new TaktError('SEGMENT_INVALID', problem)));
  }
  const problems: TaktError[] = [];
  const entity = entityOf(value, entities, problems);
  checkRule(value.rule, entity, problems);
  if (entity) checkMoments(value, entity, problems);
  if (problems.length > 0) throw invalid(problems);
  return value;
}

function invalid(errors: readonly TaktError[]): TaktError {
  const number = errors.length === 1 ? 'One problem stands' : `${errors.length} problems stand`;
  return new TaktError('SEGMENT_INVALID', { message: `${number} in the way of the segment.`, errors });
}

function entityOf({ entity }: SegmentDefinition, entities: EntityRegistry, problems: TaktError[]): Entity | undefined {
  try {
    return entities.require(entity);
  } catch (thrown) {
    problems.push(asTaktError(thrown).at({ pointer: '/entity' }));
    return undefined;
  }
}

function checkRule(rule: string, entity: Entity | undefined, problems: TaktError[]): void {
  const pointer = '/rule';
  let expression: Expression;
  try {
    expression = compileExpression(rule);
  } catch (thrown) {
    problems.push(asTaktError(thrown).at({ pointer }));
    return;
  }
  if (entity) checkScope({ pointer, expression }, namesOf(entity), problems);
  checkCounts(expression, pointer, problems);
  for (const segment of expression.segments) {
    problems.push(
      new TaktError('SEGMENT_INVALID', {
        pointer,
        message: `A rule cannot ask for another segment ("${segment}").`,
        hint: 'Write its condition into this rule.',
      }),
    );
  }
}

/** The fields at the root, beside `record`. */
function namesOf(entity: Entity): Names {
  const record = recordNames(entity);
  return record === 'open' ? record : { names: new Map([...record.names, ['record', record]]) };
}

function checkMoments({ recheck = [] }: SegmentDefinition, entity: Entity, problems: TaktError[]): void {
  for (const [i, { field }] of recheck.entries()) {
    const definition = entity.field(field);
    const type = definition?.type === 'formula' ? definition.result : definition?.type;
    if (type !== undefined && MOMENTS.has(type)) continue;
    const moments = [...entity.fieldNames, 'created_at', 'updated_at'].filter((name) => MOMENTS.has(entity.field(name)?.type ?? ''));
    problems.push(
      new TaktError('SEGMENT_INVALID', {
        pointer: `/recheck/${i}/field`,
        message: type === undefined ? `${entity.name} has no field "${field}".` : `"${field}" of ${entity.name} holds no date.`,
        hint: didYouMean(field, moments),
      }),
    );
  }
}
