import { Type } from 'typebox';
import { defineNode, parseDuration, Template, Value } from '../../engine/sdk.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { AnyJson } from '../support/params.ts';
import { brief } from '../support/summary.ts';
import { checkedHeaders } from './headers.ts';
import { checkedUrl } from './url.ts';

export const requestNode = defineNode({
  type: 'http.request',
  version: 1,
  title: 'Call a web service',
  description:
    'Sends an HTTP request and goes on with the answer. It leaves the house only after the step is saved; every attempt carries the same Idempotency-Key. Only public addresses are reached, also behind redirects.',
  params: Type.Object(
    {
      method: Type.Enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'], { description: 'The HTTP method.' }),
      url: Template({
        maxLength: 4_000,
        description:
          "The address, http or https. Values that need encoding go into an expression: `= 'https://api.example.com/?q=' & $encodeUrlComponent(record.name)`.",
      }),
      headers: Type.Optional(
        Type.Record(Type.String({ maxLength: 100 }), Value(Type.String()), {
          maxProperties: 50,
          description: 'Further headers. Secrets belong into a credential.',
        }),
      ),
      body: Type.Optional(Value(AnyJson, { description: 'The body: text as it stands, anything else as JSON.' })),
      credential: Type.Optional(
        Type.String({ minLength: 1, maxLength: 100, description: 'Name of the credential that authorises the request.' }),
      ),
      timeout: Type.Optional(
        Type.String({
          pattern: '^PT(?:[1-9]|[1-5][0-9]|60)S$|^PT1M$',
          default: 'PT30S',
          description: 'How long the whole answer may take, PT1S to PT60S.',
        }),
      ),
      okStatus: Type.Optional(
        Type.Array(Type.Integer({ minimum: 400, maximum: 599 }), {
          maxItems: 50,
          uniqueItems: true,
          description: 'Statuses that count as success beside 200–299, such as 404.',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  example: {
    method: 'POST',
    url: 'https://api.example.com/leads',
    headers: { 'X-Source': 'takt' },
    body: { name: '= record.name', score: '= record.score' },
    credential: 'crm',
    timeout: 'PT20S',
  },
  summary: (params) => `${brief(params.method)} ${brief(params.url)}`,
  ports: ['next'],
  output: Type.Object({
    status: Type.Integer({ description: 'The HTTP status.' }),
    headers: Type.Record(Type.String(), Type.String(), {
      description: 'Content-Type, ETag, Last-Modified, Link, Location and X-Request-Id, in lower case.',
    }),
    body: Type.Unsafe({ ...AnyJson, description: 'Parsed where it is JSON, else text; null where it is neither.' }),
    truncated: Type.Boolean({ description: 'Was the body longer than 256 KB? Then it is text, cut off.' }),
  }),
  retry: { attempts: 5, first: 'PT10S', factor: 3, max: 'PT1H' },
  run(_ctx, params) {
    const url = checkedUrl(params.url);
    const payload: JsonObject = {
      method: params.method,
      url: url.href,
      headers: checkedHeaders(params.headers ?? {}),
      timeoutMs: parseDuration(params.timeout ?? 'PT30S'),
      okStatus: params.okStatus ?? [],
    };
    if (params.body !== undefined) payload.body = params.body;
    if (params.credential !== undefined) payload.credential = params.credential;
    return { kind: 'wait', wait: { kind: 'effect', effect: { connector: 'http', destination: url.host, payload } } };
  },
  resume: (_ctx, wake) => ({ kind: 'next', port: 'next', output: wake.kind === 'effect' ? wake.result : {} }),
});
