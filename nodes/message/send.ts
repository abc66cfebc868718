import { Type } from 'typebox';
import {
  type DataRequest,
  defineNode,
  HtmlTemplate,
  type NodeResult,
  type StepContext,
  TaktError,
  Template,
  Value,
} from '../../engine/sdk.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { DurationText } from '../../schemas/workflow.ts';
import { isId } from '../support/record.ts';
import { brief, list, part } from '../support/summary.ts';
import { oneLine, senderAddress } from './address.ts';
import { CHANNEL_NAMES, CHANNELS, type ChannelName, channelOf } from './channel.ts';
import { answerTo, offer, waitForAnswer } from './offer.ts';
import { recipients } from './recipients.ts';
import { allowedAt, refusalOf } from './rules.ts';

const Address = Type.String({ minLength: 1, maxLength: 320 });
const FileId = Type.String({ minLength: 1, maxLength: 100 });

/** JSON Schema's word. Written out as the name of a member, it would look like a promise to everything that awaits. */
const THEN = 'then';

/** Only mail has a sender, a subject that must be there, and HTML. */
const byChannel = {
  if: { properties: { channel: { const: 'email' } } },
  [THEN]: { required: ['subject'], anyOf: [{ required: ['text'] }, { required: ['html'] }] },
  else: { required: ['text'], properties: { html: false, from: false } },
};

export const sendNode = defineNode({
  type: 'message.send',
  version: 1,
  title: 'Send a message',
  description:
    'Sends a message and goes on when it has been taken over: by the mail server, or for channels without a connector by the development mailbox. It leaves the house only after the step is saved; a repetition carries the same id. What the settings `suppress` and `caps` of the workflow or the policy of the client keep back goes out by `suppressed`, or by `next` where nothing leaves that port; in quiet hours it waits, and where the policy wants it until a person accepts it. Then the event `message.sent` is written about the record, with the channel as its topic.',
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
      accept_within: Type.Optional(
        Type.Unsafe<string>({
          ...DurationText,
          description:
            "How long an offer waits for a person, where the client's priority wants one to accept the message; `P3D` without it.",
        }),
      ),
    },
    { additionalProperties: false, allOf: [byChannel] },
  ),
  example: { channel: 'email', to: '= record.emails[0]', subject: 'Welcome, {{record.name}}', text: 'We call you within half an hour.' },
  summary: (params) => brief(params.subject ?? params.text),
  ports: ['next', 'suppressed'],
  output: Type.Object({
    messageId: Type.Union([Type.String(), Type.Null()], { description: 'The id of the message; of a mail its Message-ID.' }),
    to: Type.Array(Type.String(), { description: 'The addresses that it went to.' }),
    rejected: Type.Array(Type.String(), { description: 'Addresses that the server refused while it took others.' }),
    sent: Type.Boolean({ description: 'false: a rule of the workflow or a policy kept it back.' }),
    reason: Type.Optional(
      Type.String({
        description: 'Why it was kept back: `suppressed`, `cap`, `people_only`, or of an offer `declined` or `not_accepted`.',
      }),
    ),
    why: Type.Optional(Type.String({ description: 'What the policy says, as a sentence in the language of the workflow.' })),
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
    return yield* deliver(ctx, channel, payload, params.accept_within);
  },
  *resume(ctx, wake, memo) {
    const payload = part(memo.payload);
    const channel = channelOf(payload.channel);
    if (wake.kind === 'held') return wake.contact === 'offered' ? offer(ctx, wake.why, memo) : keptBack('people_only', wake.why);
    if (memo.offer !== undefined) {
      const answer = yield* answerTo(ctx, wake, memo);
      if (answer === 'open') return waitForAnswer(memo);
      if (answer !== 'accepted') return keptBack(answer, String(memo.why));
    }
    // A quiet time is over, or it is accepted: much may have changed since.
    if (wake.kind !== 'effect') return yield* deliver(ctx, channel, payload, memo.acceptWithin);
    const { messageId = null } = wake.result;
    const data = { message: messageId, subject: memo.subject ?? null, channel, node: ctx.node.id, workflow: ctx.run.workflowId };
    ctx.emit('message.sent', channel, data, ctx.record?.id);
    return { kind: 'next', port: 'next', output: { ...wake.result, to: memo.to ?? [], sent: true } };
  },
});

/** Into the outbox, unless the rules of the workflow keep the message back: for good, or until they allow it. */
function* deliver(
  ctx: StepContext,
  channel: ChannelName,
  payload: JsonObject,
  acceptWithin: Json | undefined,
): Generator<DataRequest, NodeResult, void> {
  const refusal = yield* refusalOf(ctx, channel);
  if (refusal !== undefined) return keptBack(refusal);
  const again: JsonObject = acceptWithin === undefined ? { payload } : { payload, acceptWithin };
  const until = yield* allowedAt(ctx, channel);
  if (until > ctx.now) return { kind: 'wait', wait: { kind: 'time', until }, memo: again };
  const [first] = list(payload.to);
  const [connector, destination] =
    channel === 'email'
      ? [
          'mail',
          String(first ?? '')
            .split('@')
            .at(-1) ?? '',
        ]
      : ['message', channel];
  const memo = { payload: { channel }, to: payload.to ?? [], subject: payload.subject ?? null };
  return { kind: 'wait', memo, wait: { kind: 'effect', effect: { connector, destination, payload }, held: again } };
}

function keptBack(reason: string, why?: string): NodeResult {
  const output = { messageId: null, to: [], rejected: [], sent: false, reason, ...(why === undefined ? {} : { why }) };
  return { kind: 'next', port: 'suppressed', or: 'next', output };
}

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
