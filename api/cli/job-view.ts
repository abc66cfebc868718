/** Jobs as the command line tells them. */
import type { JobRow } from '../../engine/store/queries/jobs.ts';
import { count } from './show.ts';

export function jobJson({ createdAt, updatedAt, cursor: _, ...job }: JobRow): object {
  return { ...job, createdAt: new Date(createdAt).toISOString(), updatedAt: new Date(updatedAt).toISOString() };
}

/** What it does: `start greet on contact where score >= 9`. */
export function jobText({ kind, data }: JobRow): string {
  const { workflow, entity, where, segment, from, to, node, model } = data;
  switch (kind) {
    case 'start':
      return `start ${workflow} on ${entity}${where === undefined ? '' : ` where ${where}`}`;
    case 'move':
      return `move runs of ${workflow} from version ${from} to ${to}`;
    case 'segment':
      return `find who belongs to ${segment}`;
    case 'backfill':
      return `set the timers of ${workflow}/${node} on ${entity}`;
    case 'train':
      return `train ${model}`;
    case 'drift':
      return `see whether ${model} still fits`;
    default:
      return kind;
  }
}

/** How far it is: `500 of 1,203`. */
export const progressText = ({ done, total }: JobRow): string => (total === null ? count(done) : `${count(done)} of ${count(total)}`);

const MADE: Readonly<Record<string, string>> = {
  start: 'runs started',
  move: 'runs moved',
  segment: 'belong to it',
  backfill: 'timers set',
  train: 'closed records',
  drift: 'records closed since the training',
};

/** What has come of it: `3 runs started, 1 came to nothing`. */
export function madeText({ kind, made, failed }: JobRow): string {
  return `${count(made)} ${MADE[kind] ?? 'done'}${failed > 0 ? `, ${count(failed)} came to nothing` : ''}`;
}
