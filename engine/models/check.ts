/** Whether a model can be kept: its form, its entity, the names in its conditions, what its fields hold. */
import { type LearnedField, ModelDefinition } from '../../schemas/model.ts';
import { asTaktError, TaktError } from '../errors/index.ts';
import { checkZone } from '../graph/zone.ts';
import type { Entity, EntityRegistry } from '../records/index.ts';
import { checker } from '../schema/checker.ts';
import { didYouMean } from '../schema/nearest.ts';
import { cronRule } from '../time/cron.ts';
import { parseDuration } from '../time/duration.ts';
import { checkRecordExpression, fieldsIn } from './condition.ts';
import { MOMENTS, typeOf } from './values.ts';

const fits = checker<ModelDefinition>(() => ModelDefinition);

const KINDS: Readonly<Record<LearnedField['kind'], ReadonlySet<string>>> = {
  number: new Set(['number', 'money', 'date', 'date_time', 'yes_no']),
  level: new Set(['text', 'select', 'multi_select', 'yes_no', 'reference', 'number']),
};

/** A definition that was kept, out of data. Throws MODEL_INVALID. */
export function readModel(value: unknown): ModelDefinition {
  if (fits(value)) return value;
  throw invalid(fits.problems().map((problem) => new TaktError('MODEL_INVALID', problem)));
}

/** The definition as it may be kept. Throws TaktError MODEL_INVALID with every problem under `errors`. */
export function checkModel(value: unknown, entities: EntityRegistry): ModelDefinition {
  const definition = readModel(value);
  const problems: TaktError[] = [];
  const entity = entityOf(definition, entities, problems);
  const told = new Set<string>(definition.known === undefined ? [] : [definition.known]);
  for (const which of ['success', 'failure'] as const) {
    for (const name of checkCondition(definition[which], `/${which}`, entity, problems)) told.add(name);
  }
  if (entity) {
    checkFields(definition, entity, told, problems);
    checkKnown(definition, entity, problems);
  }
  checkRetrain(definition, problems);
  if (problems.length > 0) throw invalid(problems);
  return definition;
}

function invalid(errors: readonly TaktError[]): TaktError {
  const number = errors.length === 1 ? 'One problem stands' : `${errors.length} problems stand`;
  return new TaktError('MODEL_INVALID', { message: `${number} in the way of the model.`, errors });
}

function entityOf({ entity }: ModelDefinition, entities: EntityRegistry, problems: TaktError[]): Entity | undefined {
  try {
    return entities.require(entity);
  } catch (thrown) {
    problems.push(asTaktError(thrown).at({ pointer: '/entity' }));
    return undefined;
  }
}

/** The fields that it reads. */
function checkCondition(source: string, pointer: string, entity: Entity | undefined, problems: TaktError[]): string[] {
  const expression = checkRecordExpression(source, pointer, { code: 'MODEL_INVALID', entity, problems });
  return expression === undefined ? [] : fieldsIn(expression);
}

/** @param told fields that tell the outcome: a model that sees them knows it already */
function checkFields({ fields }: ModelDefinition, entity: Entity, told: ReadonlySet<string>, problems: TaktError[]): void {
  const before = new Set<string>();
  for (const [i, field] of fields.entries()) {
    const pointer = `/fields/${i}/name`;
    const type = typeOf(entity, field.name);
    const add = (message: string, hint?: string): void => {
      problems.push(new TaktError('MODEL_INVALID', { pointer, message, ...(hint === undefined ? {} : { hint }) }));
    };
    if (type === undefined) add(`${entity.name} has no field "${field.name}".`, didYouMean(field.name, entity.fieldNames));
    else if (before.has(field.name)) add(`"${field.name}" is named twice.`, 'Name it once.');
    else if (told.has(field.name)) add(`"${field.name}" tells the outcome itself.`, 'Leave it out.');
    else if (!KINDS[field.kind].has(type))
      add(
        `"${field.name}" of ${entity.name} is of the type ${type}; a ${field.kind} is ${[...KINDS[field.kind]].join(', ')}.`,
        'Leave it out.',
      );
    before.add(field.name);
  }
}

/** More often than this nothing new is learned, and servers do nothing else. */
const LEAST_EVERY_MS = 3_600_000;

function checkRetrain({ retrain }: ModelDefinition, problems: TaktError[]): void {
  if (retrain === undefined) return;
  if ('every' in retrain) {
    if (parseDuration(retrain.every) >= LEAST_EVERY_MS) return;
    const message = `A model cannot be trained every ${retrain.every}.`;
    problems.push(new TaktError('MODEL_INVALID', { pointer: '/retrain/every', message, hint: 'Give PT1H or more, such as P7D.' }));
    return;
  }
  checkZone(retrain.timezone, '/retrain/timezone', problems);
  try {
    cronRule(retrain.cron);
  } catch (thrown) {
    const { code, message, hint } = asTaktError(thrown);
    problems.push(new TaktError(code, { pointer: '/retrain/cron', message, hint }));
  }
}

function checkKnown({ known }: ModelDefinition, entity: Entity, problems: TaktError[]): void {
  if (known === undefined) return;
  const type = typeOf(entity, known);
  if (type !== undefined && MOMENTS.has(type)) return;
  problems.push(
    new TaktError('MODEL_INVALID', {
      pointer: '/known',
      message: type === undefined ? `${entity.name} has no field "${known}".` : `"${known}" of ${entity.name} holds no date.`,
      hint: didYouMean(
        known,
        entity.fieldNames.filter((name) => MOMENTS.has(typeOf(entity, name) ?? '')),
      ),
    }),
  );
}
