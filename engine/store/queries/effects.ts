import { sql } from 'drizzle-orm';
import type { EffectRow } from '../../unit/rows.ts';
import { type Executor, jsonRows, rows } from '../database.ts';

export interface WrittenEffect {
  id: string;
  runId: string;
  waitId: string;
  status: EffectRow['status'];
  result: EffectRow['result'];
}

/**
 * Writes effects by their idempotency keys. One that is there already belongs to a step that is being retried: a dead or
 * cancelled one becomes pending again, one that was sent stays sent, and its result is given back instead of a second sending.
 */
export function upsertEffects(tx: Executor, list: readonly EffectRow[]): Promise<WrittenEffect[]> {
  const input = list.map((row) => ({
    ...row,
    run_id: row.runId,
    wait_id: row.waitId,
    record_id: row.recordId,
    created_at: new Date(row.createdAt).toISOString(),
  }));
  return rows(
    tx,
    sql`insert into effects (id, key, run_id, wait_id, node, record_id, connector, destination, payload, retry, status, attempts, created_at)
        select id, key, run_id, wait_id, node, record_id, connector, destination, payload, retry, status, attempts, created_at
        from json_to_recordset(${jsonRows(input)})
          as t(id uuid, key text, run_id uuid, wait_id text, node text, record_id uuid, connector text, destination text, payload jsonb,
               retry jsonb, status text, attempts smallint, created_at timestamptz)
        on conflict (key) do update set wait_id = excluded.wait_id,
          payload = case when effects.status = 'sent' then effects.payload else excluded.payload end,
          status = case when effects.status in ('dead', 'cancelled') then 'pending' else effects.status end,
          attempts = case when effects.status in ('dead', 'cancelled') then 0 else effects.attempts end,
          settled_at = case when effects.status = 'sent' then effects.settled_at end,
          error = case when effects.status = 'sent' then effects.error end
        returning id, run_id as "runId", wait_id as "waitId", status, result`,
  );
}
