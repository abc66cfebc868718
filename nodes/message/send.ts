import { Type } from 'typebox';
import { defineNode, HtmlTemplate, type RecordView, type StepContext, TaktError, Template, Value } from '../../engine/sdk.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { brief } from '../support/summary.ts';
import { mailAddress, oneLine, senderAddress } from './address.ts';

const Address = Type.String({ minLength: 1, maxLength: 320 });

export const sendNode = defineNode({
  type: 'message.send',
  version: 1,
  title: 'Send a message',
  description:
    'Sends an e-mail and goes on when the mail server has taken it. It leaves the house only after the step is saved; a repetition carries the same Message-ID.',
  params: Type.Object(
    {
      channel: Type.Literal('email', { description: 'How it is sent.' }),
      to: Type.Optional(
        Value(Type.Union([Address, Type.Array(Address, { minItems: 1, maxItems: 50 }), Type.Null()]), {
          description: "An address or up to 50; the first e-mail of the run's record without it.",
        }),
      ),
      from: Type.Optional(
        Value(Address, { description: 'The sender, `ann@example.com` or `Ann <ann@example.com>`; that of the installation without it.' }),
      ),
      subject: Template({ maxLength: 500, description: 'The subject line.' }),
      text: Type.Optional(Template({ maxLength: 100_000, description: 'The message as plain text.' })),
      html: Type.Optional(HtmlTemplate({ description: 'The message as HTML; values are escaped.' })),
    },
    { additionalProperties: false, allOf: [{ anyOf: [{ required: ['text'] }, { required: ['html'] }] }] },
  ),
  example: { channel: 'email', to: '= record.emails[0]', subject: 'Welcome, {{record.name}}', text: 'We call you within half an hour.' },
  summary: (params) => brief(params.subject),
  ports: ['next'],
  output: Type.Object({
    messageId: Type.String({ description: 'The Message-ID of the mail.' }),
    rejected: Type.Array(Type.String(), { description: 'Addresses that the server refused while it took others.' }),
  }),
  retry: { attempts: 8, first: 'PT10S', factor: 3, max: 'PT1H' },
  run(ctx, params) {
    const to = recipients(ctx, params.to);
    const payload: JsonObject = { channel: params.channel, to, subject: oneLine(params.subject) };
    if (params.from !== undefined) payload.from = { ...senderAddress(params.from) };
    if (params.text !== undefined) payload.text = params.text;
    if (params.html !== undefined) payload.html = params.html;
    const destination = to[0]?.split('@').at(-1) ?? '';
    return { kind: 'wait', wait: { kind: 'effect', effect: { connector: 'mail', destination, payload } } };
  },
  resume: (_ctx, wake) => ({ kind: 'next', port: 'next', output: wake.kind === 'effect' ? wake.result : {} }),
});

function recipients(ctx: StepContext, to: string | string[] | null | undefined): string[] {
  const given = to === undefined ? firstEmail(ctx) : to;
  if (given === undefined || given === null) throw new TaktError('MESSAGE_NO_RECIPIENT', { pointer: '/params/to' });
  return [...new Set((Array.isArray(given) ? given : [given]).map((address) => mailAddress(address)))];
}

/** The first address in the record's fields of type e-mail, in the order of the entity. */
function firstEmail(ctx: StepContext): string | undefined {
  const record: RecordView | undefined = ctx.record;
  const entity = record && ctx.entities.get(record.entity);
  if (!record || !entity) return undefined;
  const values = entity.fieldNames
    .filter((name) => entity.field(name)?.type === 'email')
    .flatMap((name): Json[] => {
      const value = record[name];
      return Array.isArray(value) ? value : value === undefined ? [] : [value];
    });
  return values.find((value) => typeof value === 'string');
}
