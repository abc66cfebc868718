import { Type } from 'typebox';
import { defineNode, parseDuration, type RecordView, Template, Value } from '../../engine/sdk.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { checkedUrl } from '../http/url.ts';
import { brief } from '../support/summary.ts';

const Texts = Type.Union([Type.Array(Type.String({ maxLength: 1_000 }), { maxItems: 50 }), Type.String({ maxLength: 5_000 }), Type.Null()]);

export const rewordNode = defineNode({
  type: 'text.reword',
  version: 1,
  title: 'Word it by a language model',
  description:
    'Lets a language model, behind any OpenAI-compatible address, say reasons in a sentence or two. It never blocks the work and invents no numbers: where the answer is late, has another form, tells a number that is not among the facts or names somebody else, the text is `fallback`, and `why` has the code. Names, e-mail addresses and phone numbers are masked before they leave the house and put back afterwards.',
  params: Type.Object(
    {
      url: Type.String({
        minLength: 1,
        maxLength: 1_000,
        description: 'The address of the service up to its version: `https://api.example.com/v1`.',
      }),
      model: Type.String({ minLength: 1, maxLength: 200, description: 'Name of the model, as the service calls it.' }),
      facts: Value(Texts, { description: 'What is to be said, such as the reasons of a score. Without facts nobody is asked.' }),
      fallback: Type.Optional(
        Template({ maxLength: 2_000, description: 'The text without a language model; the facts, one after the other, without it.' }),
      ),
      hide: Type.Optional(
        Value(Texts, {
          description: "Names that do not leave the house, beside those of the run's record: `= [owner.name, nodes.contact.record.name]`.",
        }),
      ),
      credential: Type.Optional(
        Type.String({ minLength: 1, maxLength: 100, description: 'Name of the credential that authorises the request.' }),
      ),
      timeout: Type.Optional(
        Type.String({
          pattern: '^PT(?:[1-9]|[1-5][0-9]|60)S$|^PT1M$',
          default: 'PT10S',
          description: 'How long the answer may take, PT1S to PT60S.',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  example: {
    url: 'https://api.example.com/v1',
    model: 'small',
    credential: 'words',
    facts: '= nodes.score.reasons.text',
    fallback: 'Call {{record.name}}.',
  },
  summary: (params) => `${brief(params.facts)} · ${brief(params.model)}`,
  ports: ['next'],
  output: Type.Object({
    text: Type.String({ description: 'A sentence or two.' }),
    source: Type.Enum(['model', 'template'], { description: '`model`: the language model has said it; `template`: it is `fallback`.' }),
    why: Type.Union([Type.String(), Type.Null()], {
      description:
        'What was in the way of the language model: the code of an error, such as HTTP_TIMEOUT, WORDS_NUMBERS, WORDS_FORM; null: nothing.',
    }),
  }),
  retry: { attempts: 3, first: 'PT1S', factor: 2, max: 'PT10S' },
  run(ctx, params) {
    const url = checkedUrl(`${params.url.trim().replace(/\/+$/, '')}/chat/completions`);
    const facts = listOf(params.facts);
    const fallback = params.fallback ?? facts.map((fact) => (/[.!?…]$/.test(fact) ? fact : `${fact}.`)).join(' ');
    if (facts.length === 0) return { kind: 'next', port: 'next', output: { text: fallback, source: 'template', why: null } };
    const payload: JsonObject = {
      url: url.href,
      model: params.model,
      facts,
      names: [...listOf(params.hide), ...namesOf(ctx.record)],
      fallback,
      locale: ctx.settings.locale,
      timeoutMs: parseDuration(params.timeout ?? 'PT10S'),
    };
    if (params.credential !== undefined) payload.credential = params.credential;
    return { kind: 'wait', wait: { kind: 'effect', effect: { connector: 'words', destination: url.host, payload } } };
  },
  resume: (_ctx, wake) => ({ kind: 'next', port: 'next', output: wake.kind === 'effect' ? wake.result : {} }),
});

const listOf = (texts: readonly string[] | string | null | undefined): string[] =>
  (typeof texts === 'string' ? [texts] : [...(texts ?? [])]).map((text) => text.trim()).filter((text) => text !== '');

/** What the record is called, in the fields in which people's names stand. */
const namesOf = (record: RecordView | undefined): string[] =>
  ['name', 'first_name', 'last_name', 'middle_name'].flatMap((field) => {
    const value = record?.[field];
    return typeof value === 'string' ? [value] : [];
  });
