/** Checks what comes in against the routes' schemas, in the same words as everything else. */
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { FastifyInstance } from 'fastify';
import { TaktError } from '../../engine/index.ts';
import { createAjv } from '../../engine/schema/ajv.ts';
import { problemsOf } from '../../engine/schema/problems.ts';

const MAX_PROBLEMS = 100;

/** Everything in an address is text: there "20" may stand for 20. In bodies it may not. */
function addressAjv(): Ajv {
  const ajv = new Ajv({ allErrors: true, coerceTypes: true, useDefaults: true, strict: false, ownProperties: true });
  addFormats.default(ajv);
  return ajv;
}

export function installValidation(app: FastifyInstance): void {
  const body = createAjv();
  const address = addressAjv();
  app.setValidatorCompiler(({ schema, httpPart }) => {
    let compiled: ValidateFunction | undefined;
    // With the first request of a route, not with the start: there are hundreds of them.
    return (value: unknown) => {
      compiled ??= (httpPart === 'body' ? body : address).compile(Object(schema));
      return compiled(value) ? { value } : { error: refusal(compiled.errors ?? []) };
    };
  });
  // The handlers' types hold the answers to their schemas, and a test holds them to the description that is published.
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
}

function refusal(found: Parameters<typeof problemsOf>[0]): TaktError {
  const problems = problemsOf(found.slice(0, MAX_PROBLEMS));
  const errors = problems.map((problem) => new TaktError('INPUT_INVALID', problem));
  const [first] = errors;
  const words = errors.slice(0, 3).map((error) => `${error.place.pointer || 'The input'} ${error.message}`);
  return new TaktError('INPUT_INVALID', { message: words.join(' '), pointer: first?.place.pointer, hint: first?.hint, errors });
}
