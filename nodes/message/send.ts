import { Type } from 'typebox';
import { defineNode, HtmlTemplate, TaktError, Template, Value } from '../../engine/sdk.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { isId } from '../support/record.ts';
import { brief } from '../support/summary.ts';
import { oneLine, senderAddress } from './address.ts';
import { CHANNEL_NAMES, CHANNELS, type ChannelName } from './channel.ts';
import { recipients } from './recipients.ts';

const Address = Type.String({ minLength: 1, maxLength: 320 });
const FileId = Type.String({ minLength: 1, maxLength: 100 });

/** Only mail has a sender, a subject that must be there, and HTML. */
const byChannel = {
  if: { properties: { channel: { const: 'email' } } },
  // biome-ignore lint/suspicious/noThenProperty: JSON Schema calls it so
  then: { required: ['subject'], anyOf: [{ required: ['text'] }, { required: ['html'] }] },
  else: { required: ['text'], properties: { html: false, from: false } },
};

export const sendNode = defineNode({
  type: 'message.send',
  version: 1,
  title: 'Send a message',
  description:
    'Sends a message and goes on when it has been taken over: by the mail server, or for channels without a connector by the development mailbox. It leaves the house only after the step is saved; a repetition carries the same id. Then the event `message.sent` is written about the record, with the channel as its topic.',
  params: Type.Object(
    {
      channel: Type.Enum([...CHANNEL_NAMES], { description: 'How it is sent.' }),
      to: Type.Optional(
        Value(Type.Union([Address, Type.Array(Address, { maxItems: 50 }), Type.Null()]), {
          description:
            "Up to 50: e-mail addresses, phone numbers (sms, whatsapp) or names (the others), or ids of records that have one; the first one of the run's record without it.",
        }),
      ),
      from: Type.Optional(
        Value(Address, {
          description: 'E-mail only: the sender, `ann@example.com` or `Ann <ann@example.com>`; that of the installation without it.',
        }),
      ),
      subject: Type.Optional(Template({ maxLength: 500, description: 'The subject line; an e-mail must have one.' })),
      text: Type.Optional(
        Template({
          maxLength: 100_000,
          description: 'The message as plain text; sms and push take 1,000 characters, messenger 2,000, telegram and whatsapp 4,096.',
        }),
      ),
      html: Type.Optional(HtmlTemplate({ description: 'E-mail only: the message as HTML; values are escaped.' })),
      attachments: Type.Optional(
        Value(Type.Union([FileId, Type.Array(FileId, { maxItems: 10 }), Type.Null()]), {
          description: 'Ids of files that go with it, such as `= nodes.pdf.file`; at most 10, and 20 MB in all.',
        }),
      ),
    },
    { additionalProperties: false, allOf: [byChannel] },
  ),
  example: { channel: 'email', to: '= record.emails[0]', subject: 'Welcome, {{record.name}}', text: 'We call you within half an hour.' },
  summary: (params) => brief(params.subject ?? params.text),
  ports: ['next'],
  output: Type.Object({
    messageId: Type.String({ description: 'The id of the message; of a mail its Message-ID.' }),
    to: Type.Array(Type.String(), { description: 'The addresses that it went to.' }),
    rejected: Type.Array(Type.String(), { description: 'Addresses that the server refused while it took others.' }),
  }),
  retry: { attempts: 8, first: 'PT10S', factor: 3, max: 'PT1H' },
  *run(ctx, params) {
    const { channel, text, html } = params;
    const to = yield* recipients(ctx, CHANNELS[channel], params.to);
    const subject = params.subject === undefined ? undefined : oneLine(params.subject);
    checkLength(channel, text);
    const payload: JsonObject = { channel, to };
    if (subject !== undefined) payload.subject = subject;
    if (params.from !== undefined) payload.from = { ...senderAddress(params.from) };
    if (text !== undefined) payload.text = text;
    if (html !== undefined) payload.html = html;
    if (params.attachments !== undefined) payload.attachments = attachments(channel, params.attachments);
    const [connector, destination] = channel === 'email' ? ['mail', to[0]?.split('@').at(-1) ?? ''] : ['message', channel];
    const memo = { channel, to, subject: subject ?? null };
    return { kind: 'wait', memo, wait: { kind: 'effect', effect: { connector, destination, payload } } };
  },
  resume(ctx, wake, { channel = 'email', to = [], subject = null }) {
    const result = wake.kind === 'effect' ? wake.result : {};
    const { messageId = null } = result;
    const data = { message: messageId, subject, channel, node: ctx.node.id, workflow: ctx.run.workflowId };
    ctx.emit('message.sent', String(channel), data, ctx.record?.id);
    return { kind: 'next', port: 'next', output: { ...result, to } };
  },
});

function checkLength(channel: ChannelName, text = ''): void {
  const { most } = CHANNELS[channel];
  if (text.length <= most) return;
  throw new TaktError('MESSAGE_TOO_LONG', {
    pointer: '/params/text',
    message: `The text has ${text.length} characters; ${channel} takes ${most}.`,
  });
}

/** A file that an expression did not find is an error: a report must not go out without the report. */
function attachments(channel: ChannelName, given: string | readonly string[] | null): string[] {
  const refuse = (message: string): never => {
    throw new TaktError('MESSAGE_ATTACHMENT', { pointer: '/params/attachments', message });
  };
  if (given === null) return refuse('The expression for "attachments" found nothing.');
  const ids = typeof given === 'string' ? [given] : [...new Set(given)];
  const odd = ids.find((id) => !isId(id));
  if (odd !== undefined) return refuse(`${JSON.stringify(odd.slice(0, 60))} is not the id of a file.`);
  return ids.length > 0 && !CHANNELS[channel].files ? refuse(`${channel} takes no files.`) : ids;
}
