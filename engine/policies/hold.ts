/** The guard of messages: every effect of a step comes by here before it goes into the outbox. */
import type { DataRequest, EffectRequest } from '../node/definition.ts';
import type { StepUnit } from '../unit/step-unit.ts';
import { messageIn, strictestContact } from './clients.ts';
import { contactInWords } from './policy.ts';

export interface Hold {
  contact: 'people_only' | 'offered';
  /** As a sentence in the language of the workflow. */
  why: string;
}

/** What keeps the effect of a step back; undefined where it may leave: it is no message, a person stands behind it, or no policy is against it. */
export function* contactHold(unit: StepUnit, effect: EffectRequest): Generator<DataRequest, Hold | undefined, void> {
  const message = messageIn(effect);
  if (message === undefined || unit.byPerson) return undefined;
  const policy = yield* strictestContact(unit, message);
  if (policy === undefined || policy.contact === 'automatic') return undefined;
  return { contact: policy.contact, why: contactInWords(policy, unit.settings.locale) };
}
