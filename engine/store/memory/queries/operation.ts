import type { QueueState } from '../../queries/operation.ts';
import type { Tables } from '../tables.ts';

export function queueState(tables: Tables, now: number, most: number): QueueState {
  const due = tables.runsDue.upTo(now, most);
  const effects = tables.effects.all();
  const having = (status: 'pending' | 'dead'): number => Math.min(most, effects.filter((row) => row.status === status).length);
  const wanted = effects
    .filter((row) => row.status === 'pending')
    .flatMap(({ nextAt, attempts, createdAt }) => nextAt ?? (attempts === 0 ? createdAt : []));
  return {
    dueRuns: due.length,
    oldestDue: due[0]?.dueAt ?? null,
    pendingEffects: having('pending'),
    oldestEffect: wanted.length > 0 ? Math.min(...wanted) : null,
    deadEffects: having('dead'),
  };
}

export const takesWrites = (_tables: Tables): boolean => true;

export function probeRoom(_tables: Tables): void {}
