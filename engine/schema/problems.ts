/** What Ajv found, told in our words. */
import type { ErrorObject } from 'ajv';
import { didYouMean } from './nearest.ts';

export interface Problem {
  pointer: string;
  message: string;
  hint: string;
}

/** Ajv's errors as pointer, message and hint; the noise of `if` and of unions' members is folded. */
export function problemsOf(errors: readonly ErrorObject[]): Problem[] {
  const unions = new Set(
    errors.filter((error) => error.keyword === 'anyOf' || error.keyword === 'oneOf').map((error) => error.instancePath),
  );
  const told = new Map<string, Problem>();
  for (const error of errors) {
    if (error.keyword === 'if') continue;
    // A union that fits no member repeats every member's complaint at the same place: only the union's own is kept.
    if (unions.has(error.instancePath) && error.keyword !== 'anyOf' && error.keyword !== 'oneOf') {
      if (error.keyword === 'const' || error.keyword === 'enum' || error.keyword === 'type') continue;
    }
    const problem = explain(error, errors);
    told.set(`${problem.pointer} ${problem.message}`, problem);
  }
  return [...told.values()];
}

function explain(error: ErrorObject, all: readonly ErrorObject[]): Problem {
  const params: Record<string, unknown> = error.params;
  const text = (name: string): string => String(params[name] ?? '');
  const pointer = error.instancePath;
  switch (error.keyword) {
    case 'additionalProperties': {
      const name = text('additionalProperty');
      const known = Object.keys(Object(error.parentSchema).properties ?? {});
      return {
        pointer: `${pointer}/${escapePointer(name)}`,
        message: `"${name}" is not known here.`,
        hint: didYouMean(name, known) ?? 'Remove it.',
      };
    }
    case 'dependencies':
      return {
        pointer: error.instancePath,
        message: `"${error.params.property}" says something only with "${error.params.missingProperty}".`,
        hint: `Add "${error.params.missingProperty}", or leave "${error.params.property}" out.`,
      };
    case 'required':
      return { pointer, message: `"${text('missingProperty')}" is missing.`, hint: `Add "${text('missingProperty')}".` };
    case 'propertyNames':
      return {
        pointer: `${pointer}/${escapePointer(text('propertyName'))}`,
        message: `"${text('propertyName')}" is not a name allowed here.`,
        hint: 'Use lower-case letters, digits and _.',
      };
    case 'false schema':
      return { pointer, message: 'is not allowed beside the other values.', hint: 'Remove it.' };
    case 'const':
      return {
        pointer,
        message: `must be ${JSON.stringify(params.allowedValue)}.`,
        hint: `Write ${JSON.stringify(params.allowedValue)}.`,
      };
    case 'enum':
      return { pointer, message: 'is none of the allowed values.', hint: `Allowed: ${JSON.stringify(params.allowedValues)}.` };
    case 'anyOf':
    case 'oneOf': {
      const allowed = all
        .filter((other) => other.instancePath === pointer && other.keyword === 'const')
        .map((other) => JSON.stringify(Object(other.params).allowedValue));
      return {
        pointer,
        message: allowed.length > 0 ? `must be one of ${allowed.join(', ')}.` : 'fits none of the allowed forms.',
        hint: allowed.length > 0 ? `Write one of ${allowed.join(', ')}.` : 'See the documentation of this parameter.',
      };
    }
    default:
      return { pointer, message: `${error.message ?? 'is not valid'}.`, hint: hintFor(error) };
  }
}

const escapePointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

function hintFor(error: ErrorObject): string {
  const description: unknown = Object(error.parentSchema).description;
  return typeof description === 'string' ? description : `See ${error.schemaPath}.`;
}
