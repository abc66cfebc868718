/** A message that a person is asked about before it leaves: a task of the record's owner, whose completion sends it. */
import { type DataRequest, isoOf, loadRecord, type NodeResult, parseDuration, type StepContext, type Wake } from '../../engine/sdk.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { list, part } from '../support/summary.ts';
import { referenceTo } from '../task/task.ts';
import { oneLine } from './address.ts';

/** How long an offer waits where the workflow does not say. */
const ACCEPT_WITHIN = 'P3D';
/** Characters of the title that the message itself has. */
const SHOWN = 120;
/** Characters of the text that the task shows. */
const MOST_TEXT = 20_000;

const DONE = 'done';

/** Makes the task and waits for the answer. @param memo what the step goes on with when it is accepted */
export function offer(ctx: StepContext, why: string, memo: JsonObject): NodeResult {
  const payload = part(memo.payload);
  const { acceptWithin } = memo;
  const until = ctx.now + parseDuration(typeof acceptWithin === 'string' ? acceptWithin : ACCEPT_WITHIN);
  const data: JsonObject = {
    ...inWords(ctx.settings.locale, payload, why),
    kind: payload.channel === 'email' ? 'email' : 'message',
    due_at: isoOf(until),
  };
  const { record } = ctx;
  if (record && typeof record.owner === 'string') data.owner = record.owner;
  if (record && !record.deleted) data.record = referenceTo(record);
  return waitForAnswer({ ...memo, offer: ctx.create({ entity: 'task', data }), until, why });
}

/** Only what is done outside of any workflow counts as consent: see the wait `event`. */
export function waitForAnswer(memo: JsonObject): NodeResult {
  const correlation = `record:${String(memo.offer)}`;
  const subscriptions = ['record.updated', 'record.deleted'].map((type) => ({ type, topic: 'task', correlation }));
  return {
    kind: 'wait',
    wait: { kind: 'event', subscriptions, until: Number(memo.until), consent: { field: 'status', value: DONE } },
    memo,
  };
}

/** `open`: the task has changed in another way, and waits still. What nobody has answered in time is cancelled. */
export function* answerTo(
  ctx: StepContext,
  wake: Wake,
  memo: JsonObject,
): Generator<DataRequest, 'accepted' | 'declined' | 'not_accepted' | 'open', void> {
  if (wake.kind === 'event' && wake.consent) return 'accepted';
  const task = yield* loadRecord(ctx, String(memo.offer));
  const isOpen = task !== undefined && !task.deleted && task.status === 'open';
  if (wake.kind !== 'time') return isOpen ? 'open' : 'declined';
  if (isOpen) ctx.update(task.id, { status: 'cancelled' });
  return 'not_accepted';
}

function inWords(locale: 'en' | 'ru', payload: JsonObject, why: string): { title: string; description: string } {
  const { subject, text, html, to } = payload;
  const shown = oneLine(String(subject ?? text ?? '')).slice(0, SHOWN);
  const body = String(text ?? html ?? '').slice(0, MOST_TEXT);
  const addresses = list(to).join(', ');
  return locale === 'ru'
    ? {
        title: `Отправить клиенту: ${shown}`,
        description: `${why}\nВыполните задачу, чтобы отправить сообщение, отмените её, чтобы не отправлять.\n\nКому: ${addresses}\n\n${body}`,
      }
    : {
        title: `Send to the client: ${shown}`,
        description: `${why}\nComplete the task to send the message, cancel it to leave it.\n\nTo: ${addresses}\n\n${body}`,
      };
}
