/** Reads bodies: bounded, well-formed UTF-8, plain JSON that PostgreSQL can store. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { TaktError } from '../../engine/index.ts';
import { checkJsonShape, parseJson } from '../../engine/schema/json.ts';
import type { Json } from '../../schemas/json.ts';

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
export const readJson = (text: string): Json => checkJsonShape(parseJson(text, 'JSON_INVALID'), MAX_DEPTH);

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
