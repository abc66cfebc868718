import type { EffectRow } from '../../../unit/rows.ts';
import type { Settlement, WrittenEffect } from '../../queries/effects.ts';
import { newestPage, oldestFirst } from '../order.ts';
import type { Tables } from '../tables.ts';

export function upsertEffects(tables: Tables, list: readonly EffectRow[]): WrittenEffect[] {
  return list.map((row) => {
    const there = tables.effectsByKey.get(row.key);
    if (there) return written(again(tables, there, row));
    const fresh = { ...row, nextAt: null, result: null, error: null, settledAt: null };
    tables.effects.insert(fresh);
    return written(fresh);
  });
}

/** An effect whose step is being retried: what was sent stays, what was given up begins anew. */
function again(tables: Tables, there: EffectRow, { waitId, payload, destination }: EffectRow): EffectRow {
  if (there.status === 'sent') return tables.effects.change(there, { waitId });
  const givenUp = there.status === 'dead' || there.status === 'cancelled';
  return tables.effects.change(there, {
    waitId,
    payload,
    destination,
    status: givenUp ? 'pending' : there.status,
    attempts: givenUp ? 0 : there.attempts,
    settledAt: null,
    error: null,
  });
}

const written = ({ id, runId, waitId, status, result, connector, destination }: EffectRow): WrittenEffect => ({
  id,
  runId,
  waitId,
  status,
  result,
  connector,
  destination,
});

export function beginAttempts(tables: Tables, ids: readonly string[]): EffectRow[] {
  return withStatus(tables, ids, 'pending').map((row) => tables.effects.change(row, { attempts: row.attempts + 1, nextAt: null }));
}

export function settleEffects(tables: Tables, list: readonly Settlement[]): Map<string, string> {
  const settled = new Map<string, string>();
  for (const { id, status, result, error, nextAt, settledAt, untried } of list) {
    for (const row of withStatus(tables, [id], 'pending')) {
      tables.effects.change(row, { status, result, error, nextAt, settledAt, attempts: row.attempts - (untried ? 1 : 0) });
      settled.set(id, row.waitId);
    }
  }
  return settled;
}

export const effectsOfRun = (tables: Tables, runId: string): EffectRow[] => [...tables.effectsByRun.of(runId)].sort(oldestFirst);

export function effectPage(
  tables: Tables,
  { status, runId }: { status?: EffectRow['status']; runId?: string },
  before: string | undefined,
  limit: number,
): EffectRow[] {
  const rows = runId === undefined ? tables.effects.all() : effectsOfRun(tables, runId);
  return newestPage(
    rows.filter((row) => status === undefined || row.status === status),
    before,
    limit,
  );
}

export function deadEffectIds(tables: Tables, after: string | undefined, limit: number): string[] {
  return tables.effects
    .all()
    .filter((row) => row.status === 'dead' && (after === undefined || row.id > after))
    .sort(oldestFirst)
    .slice(0, limit)
    .map((row) => row.id);
}

export function cancelEffects(tables: Tables, list: readonly { runId: string; waitId: string }[], now: number): void {
  for (const row of list.flatMap(({ runId, waitId }) => effectsOfRun(tables, runId).filter((effect) => effect.waitId === waitId))) {
    if (row.status === 'pending') tables.effects.change(row, { status: 'cancelled', settledAt: now });
  }
}

export function reviveEffects(tables: Tables, ids: readonly string[]): Pick<EffectRow, 'id' | 'connector' | 'destination'>[] {
  const dead = deadEffects(tables, ids);
  for (const row of dead) tables.effects.change(row, { status: 'pending', attempts: 0, settledAt: null, error: null });
  return dead.map(({ id, connector, destination }) => ({ id, connector, destination }));
}

export const deadEffects = (tables: Tables, ids: readonly string[]): EffectRow[] => withStatus(tables, ids, 'dead');

export const nextEffectDue = (tables: Tables): number | null => tables.effectsPutOff.first();

const withStatus = (tables: Tables, ids: readonly string[], status: EffectRow['status']): EffectRow[] =>
  tables.effects.getAll(ids).filter((row) => row.status === status);
