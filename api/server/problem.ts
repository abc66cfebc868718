/** Errors as the API tells them: RFC 9457, `application/problem+json`, codes and words from the one catalogue. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { asTaktError, type ErrorCode, type ErrorData, TaktError } from '../../engine/index.ts';
import { troubleOf } from '../../engine/store/trouble.ts';
import type { Problem } from './schemas.ts';

const MEDIA_TYPE = 'application/problem+json; charset=utf-8';
const MAX_ERRORS = 100;
const MAX_ITEM_ERRORS = 20;
const MAX_TEXT = 1_000;
/** How long to wait where nobody knows better, seconds. */
const RETRY_AFTER = 5;

/** Fastify's own refusals in the catalogue's words. */
const FRAMEWORK: ReadonlyMap<string, ErrorCode> = new Map([
  ['FST_ERR_CTP_BODY_TOO_LARGE', 'BODY_TOO_LARGE'],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'MEDIA_TYPE_UNSUPPORTED'],
  ['FST_ERR_CTP_EMPTY_JSON_BODY', 'JSON_INVALID'],
]);

export function installProblems(app: FastifyInstance): void {
  app.setErrorHandler((thrown: FastifyError, request, reply) => answer(told(thrown), request, reply));
  app.setNotFoundHandler((request, reply) => {
    const message = `There is nothing at ${request.method} ${pathOf(request.url)}.`;
    return answer(new TaktError('ROUTE_NOT_FOUND', { message }), request, reply);
  });
}

/** Also for what fails before a route is found (an address that cannot be decoded). */
export function answer(error: TaktError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  // The causes of a failure of ours go to the log; what a caller did wrong is told by its code.
  // Of one that will pass the cause is told once, where it was noticed first: a thousand callers a second are sent away meanwhile.
  if (error.status === 503 && error.transient) request.log.warn({ code: error.code }, 'A request was sent away for now.');
  else if (error.status >= 500) request.log.error({ code: error.code, err: error }, 'A request failed.');
  else request.log.info({ code: error.code, pointer: error.place.pointer?.slice(0, 200) }, 'A request was refused.');
  if (error.status === 401) reply.header('www-authenticate', 'Bearer');
  const wait = error.retryAfterMs === undefined ? RETRY_AFTER : Math.max(1, Math.ceil(error.retryAfterMs / 1_000));
  if ((error.status === 429 || error.status === 503) && !reply.hasHeader('retry-after')) reply.header('retry-after', wait);
  return reply.code(error.status).type(MEDIA_TYPE).send(problemOf(error, request.id));
}

/** Any thrown value as an error of the catalogue. */
export function told(thrown: unknown): TaktError {
  if (thrown instanceof TaktError) return thrown;
  const trouble = troubleOf(thrown);
  if (trouble) return trouble;
  const code = property(thrown, 'code');
  const known = typeof code === 'string' ? FRAMEWORK.get(code) : undefined;
  if (known !== undefined) return new TaktError(known, { cause: thrown });
  const status = property(thrown, 'statusCode');
  if (typeof status === 'number' && status >= 400 && status < 500 && thrown instanceof Error) {
    return new TaktError('REQUEST_INVALID', { message: thrown.message, cause: thrown });
  }
  return asTaktError(thrown);
}

export function problemOf(error: TaktError, requestId: string): Problem {
  const { code, status, title } = error;
  const { message, hint = '', errors, ...place } = clipped(error.toData(), MAX_ERRORS);
  return {
    type: `/docs/errors#${code}`,
    title,
    status,
    // What broke inside is for the log: messages of drivers hold statements and values.
    detail: code === 'INTERNAL' ? title : message,
    hint,
    ...place,
    ...(errors && { errors }),
    requestId,
  };
}

/** The error of one item among many. */
export function itemProblem(error: TaktError): ErrorData {
  return clipped(error.code === 'INTERNAL' ? new TaktError('INTERNAL').toData() : error.toData(), MAX_ITEM_ERRORS);
}

/** Names from outside stand in messages and pointers: an answer must not grow with what was sent. */
function clipped(error: ErrorData, most: number): ErrorData {
  const texts = Object.entries(error).map(([name, value]) => [name, typeof value === 'string' ? value.slice(0, MAX_TEXT) : value]);
  return {
    ...error,
    ...Object.fromEntries(texts),
    ...(error.errors && { errors: error.errors.slice(0, most).map((inner) => clipped(inner, MAX_ITEM_ERRORS)) }),
  };
}

export const pathOf = (url: string): string => url.split('?', 1)[0]?.slice(0, 500) ?? '';

const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
