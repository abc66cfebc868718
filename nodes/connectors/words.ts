/** Asks a language model for the wording of text.reword. Whatever goes wrong, there is a text: the one that was written without it. */
import { type Static, Type } from 'typebox';
import { asTaktError, type Connector, TaktError } from '../../engine/sdk.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { masked } from '../text/mask.ts';
import { requestBody, wordingOf } from '../text/wording.ts';
import { CONNECTIONS } from './addresses.ts';
import { type HttpConnectorOptions, httpConnector } from './http.ts';
import { payloadReader } from './payload.ts';

const Payload = Type.Object({
  url: Type.String(),
  model: Type.String(),
  facts: Type.Array(Type.String()),
  names: Type.Array(Type.String()),
  fallback: Type.String(),
  locale: Type.Enum(['en', 'ru']),
  timeoutMs: Type.Number(),
  credential: Type.Optional(Type.String()),
});
type Payload = Static<typeof Payload>;
const payloadOf = payloadReader(Payload);

/**
 * The connector `words`. Result: `{ text, source, why }`: by the `model`, or the `template` with the code of what was in the way. It asks once;
 * only where the process stops meanwhile is the same asked again.
 */
export function wordsConnector(options: HttpConnectorOptions): Connector {
  const http = httpConnector(options);
  return {
    name: 'words',
    atOnce: CONNECTIONS,
    async send(payload, delivery) {
      const wanted = payloadOf(payload);
      const asked = masked(wanted.facts, wanted.names);
      try {
        const { body, truncated } = await http.send(requestOf(wanted, asked.texts), delivery);
        if (truncated === true) throw new TaktError('WORDS_FORM', { message: 'The answer is too long.' });
        return { text: wordingOf(body ?? null, asked), source: 'model', why: null };
      } catch (thrown) {
        const error = asTaktError(thrown);
        if (delivery.signal.aborted || error.code === 'INTERNAL') throw error;
        return { text: wanted.fallback, source: 'template', why: error.code };
      }
    },
  };
}

function requestOf({ url, model, locale, timeoutMs, credential }: Payload, facts: readonly string[]): JsonObject {
  return {
    method: 'POST',
    url,
    headers: {},
    timeoutMs,
    okStatus: [],
    body: requestBody(model, facts, locale),
    ...(credential === undefined ? {} : { credential }),
  };
}
