/** Whether a forecast can be kept: its form, its entity, the names in its expressions, what its fields hold. */
import { ForecastDefinition } from '../../schemas/forecast.ts';
import { asTaktError, TaktError } from '../errors/index.ts';
import { checkRecordExpression } from '../models/condition.ts';
import { MOMENTS, typeOf } from '../models/values.ts';
import type { Entity, EntityRegistry } from '../records/index.ts';
import { checker } from '../schema/checker.ts';
import { didYouMean } from '../schema/nearest.ts';
import { localAt } from '../time/written.ts';

const fits = checker<ForecastDefinition>(() => ForecastDefinition);

/** The definition as it may be kept. Throws TaktError FORECAST_INVALID with every problem under `errors`. */
export function checkForecast(value: unknown, entities: EntityRegistry): ForecastDefinition {
  if (!fits(value)) {
    throw invalid(fits.problems().map((problem) => new TaktError('FORECAST_INVALID', problem)));
  }
  const problems: TaktError[] = [];
  const entity = entityOf(value, entities, problems);
  for (const which of ['won', 'lost', 'profit', 'probability', 'team', 'channel'] as const) {
    const source = value[which];
    const more = value.related === undefined ? [] : ['related'];
    if (source !== undefined) checkRecordExpression(source, `/${which}`, { code: 'FORECAST_INVALID', entity, problems, more });
  }
  if (value.probability !== undefined && value.model !== undefined) {
    problems.push(problem('/model', 'The probability is told by an expression or by a model, not by both.', 'Leave one of them out.'));
  }
  if (entity) checkFields(value, entity, problems);
  if (value.timezone !== undefined) checkZone(value.timezone, problems);
  if (problems.length > 0) throw invalid(problems);
  return value;
}

const problem = (pointer: string, message: string, hint?: string): TaktError =>
  new TaktError('FORECAST_INVALID', { pointer, message, ...(hint === undefined ? {} : { hint }) });

function invalid(errors: readonly TaktError[]): TaktError {
  const number = errors.length === 1 ? 'One problem stands' : `${errors.length} problems stand`;
  return new TaktError('FORECAST_INVALID', { message: `${number} in the way of the forecast.`, errors });
}

function entityOf({ entity }: ForecastDefinition, entities: EntityRegistry, problems: TaktError[]): Entity | undefined {
  try {
    return entities.require(entity);
  } catch (thrown) {
    problems.push(asTaktError(thrown).at({ pointer: '/entity' }));
    return undefined;
  }
}

function checkFields({ opened, closed, related = [] }: ForecastDefinition, entity: Entity, problems: TaktError[]): void {
  const moments = entity.fieldNames.filter((name) => MOMENTS.has(typeOf(entity, name) ?? ''));
  for (const [which, field] of Object.entries({ opened, closed })) {
    if (field === undefined || moments.includes(field)) continue;
    const known = typeOf(entity, field) !== undefined;
    const message = known ? `"${field}" of ${entity.name} holds no date.` : `${entity.name} has no field "${field}".`;
    problems.push(problem(`/${which}`, message, didYouMean(field, moments)));
  }
  for (const [i, field] of related.entries()) {
    if (field === 'owner') continue;
    const definition = entity.field(field);
    if (definition?.type === 'reference' && definition.many !== true) continue;
    const references = entity.fieldNames.filter((name) => entity.field(name)?.type === 'reference');
    problems.push(problem(`/related/${i}`, `"${field}" of ${entity.name} refers to no single record.`, didYouMean(field, references)));
  }
}

function checkZone(timezone: string, problems: TaktError[]): void {
  try {
    localAt(0, timezone);
  } catch (thrown) {
    problems.push(asTaktError(thrown).at({ pointer: '/timezone' }));
  }
}
