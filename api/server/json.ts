/** Reads bodies: bounded, well-formed UTF-8, plain JSON that PostgreSQL can store. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { TaktError } from '../../engine/index.ts';
import { checkJsonShape, parseJson } from '../../engine/schema/json.ts';
import type { Json } from '../../schemas/json.ts';
import { faultPosition } from './fault.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it came, where the address needs it (signatures). */
    rawBody: Buffer | null;
  }
}

const MAX_DEPTH = 64;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Throws JSON_INVALID where the bytes are not UTF-8. */
export function textOf(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new TaktError('JSON_INVALID', { message: 'The body is not UTF-8.', hint: 'Send the body in UTF-8.', cause });
  }
}

/** JSON text as a value that may be stored. Throws JSON_INVALID (line and column), INPUT_TOO_DEEP, INPUT_NUL, INPUT_INVALID. */
export function readJson(text: string): Json {
  const value = checkJsonShape(parsed(text), MAX_DEPTH);
  // UTF-8 has no half characters, but an escape can still write one, and PostgreSQL refuses it.
  if (/\\u[dD][89a-fA-F]/.test(text)) refuseHalfCharacters(value, '');
  return value;
}

function parsed(text: string): Json {
  try {
    return parseJson(text, 'JSON_INVALID');
  } catch (thrown) {
    throw placed(thrown, text);
  }
}

function placed(thrown: unknown, text: string): unknown {
  if (!(thrown instanceof TaktError) || / at position \d/.test(thrown.message)) return thrown;
  const words = thrown.message.replace(/^Line \d+, column \d+: /, '');
  const position = faultPosition(text);
  if (position === undefined) return new TaktError('JSON_INVALID', { message: words, hint: 'Mend the JSON.', cause: thrown.cause });
  const before = text.slice(0, position);
  const line = before.split('\n').length;
  const column = before.length - before.lastIndexOf('\n');
  return new TaktError('JSON_INVALID', { message: `Line ${line}, column ${column}: ${words}`, line, column, cause: thrown.cause });
}

function refuseHalfCharacters(value: Json, pointer: string): void {
  if (typeof value === 'string' && !value.isWellFormed()) {
    throw new TaktError('INPUT_INVALID', {
      pointer,
      message: 'The text holds half a character (a lone surrogate).',
      hint: 'Send whole characters.',
    });
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, item] of Object.entries(value)) {
    const place = `${pointer}/${name.toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1')}`;
    refuseHalfCharacters(name, place);
    refuseHalfCharacters(item, place);
  }
}

export function installBodies(app: FastifyInstance): void {
  app.decorateRequest('rawBody', null);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_request: FastifyRequest, bytes: Buffer) => {
    // A DELETE or POST that needs no body may still name a type.
    if (bytes.length === 0) return undefined;
    return readJson(textOf(bytes));
  });
  app.addHook('onRequest', async (request) => {
    const coding = request.headers['content-encoding'];
    if (coding === undefined || coding === 'identity') return;
    throw new TaktError('MEDIA_TYPE_UNSUPPORTED', {
      message: 'Compressed bodies are not read.',
      hint: 'Send the body without Content-Encoding.',
    });
  });
  app.addHook('preValidation', async (request) => {
    checkJsonShape(request.params, 2);
    checkJsonShape(request.query, 3);
  });
}
