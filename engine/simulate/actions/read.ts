import { ACTION_PARTS, ACTION_VERBS, PARTS_OF_VERBS, type WrittenAction } from '../../../schemas/action.ts';
import { type ErrorCode, TaktError } from '../../errors/index.ts';
import type { Action } from './action.ts';

/** Exactly one verb, with what belongs to it. @param problems gets what is wrong, and the action is undefined then */
export function readAction(written: WrittenAction, pointer: string, code: ErrorCode, problems: TaktError[]): Action | undefined {
  const verbs = ACTION_VERBS.filter((verb) => written[verb] !== undefined);
  const [verb] = verbs;
  if (verb === undefined || verbs.length > 1) {
    const message = verb === undefined ? 'Nothing is said to happen here.' : `Two things happen here: ${verbs.join(' and ')}.`;
    problems.push(new TaktError(code, { pointer, message, hint: `Write one of ${ACTION_VERBS.join(', ')}.` }));
    return undefined;
  }
  const allowed = PARTS_OF_VERBS[verb];
  const strange = ACTION_PARTS.filter((part) => written[part] !== undefined && !allowed.includes(part));
  for (const part of strange) {
    const hint = allowed.length > 0 ? `Beside "${verb}" may stand: ${allowed.join(', ')}.` : `Nothing stands beside "${verb}".`;
    problems.push(new TaktError(code, { pointer: `${pointer}/${part}`, message: `"${part}" does not belong to "${verb}".`, hint }));
  }
  return strange.length > 0 ? undefined : actionOf(written);
}

function actionOf(written: WrittenAction): Action | undefined {
  const { create, update, event, start, complete, data = {}, input = {}, topic = '' } = written;
  const key = written.key === undefined ? {} : { key: written.key };
  const target = written.record === undefined ? {} : { target: written.record };
  if (create !== undefined) return { kind: 'create', entity: create, data, ...(written.as === undefined ? {} : { as: written.as }) };
  if (update !== undefined) return { kind: 'update', target: update, data };
  if (written.delete !== undefined) return { kind: 'delete', target: written.delete };
  if (written.restore !== undefined) return { kind: 'restore', target: written.restore };
  if (event !== undefined) return { kind: 'event', type: event, topic, data, ...target, ...key };
  if (start !== undefined) return { kind: 'start', workflow: start, input, ...target, ...key };
  return complete && { kind: 'complete', match: complete, data };
}
