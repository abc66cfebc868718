import type { EffectRow } from '../../unit/rows.ts';
import { type Executor, jsonRows } from '../database.ts';
import { and, asc, desc, eq, gt, isNotNull, lt, sql } from '../drizzle.ts';
import { oneOf, rowset, statement } from '../rowset.ts';
import { effects } from '../schema.ts';

export interface WrittenEffect {
  id: string;
  runId: string;
  waitId: string;
  status: EffectRow['status'];
  result: EffectRow['result'];
  connector: string;
  destination: string;
}

const newEffects = rowset<EffectRow>({
  id: ['uuid', (row) => row.id],
  key: ['text', (row) => row.key],
  run_id: ['uuid', (row) => row.runId],
  wait_id: ['text', (row) => row.waitId],
  node: ['text', (row) => row.node],
  record_id: ['uuid', (row) => row.recordId],
  connector: ['text', (row) => row.connector],
  destination: ['text', (row) => row.destination],
  payload: ['jsonb', (row) => row.payload],
  retry: ['jsonb', (row) => row.retry],
  status: ['text', (row) => row.status],
  attempts: ['smallint', (row) => row.attempts],
  created_at: ['timestamptz', (row) => row.createdAt],
});

const upsertion = statement<EffectRow, WrittenEffect>(
  newEffects,
  sql`insert into effects (${newEffects.names}) select ${newEffects.names} from ${newEffects.rows}
      on conflict (key) do update set wait_id = excluded.wait_id,
        payload = case when effects.status = 'sent' then effects.payload else excluded.payload end,
        destination = case when effects.status = 'sent' then effects.destination else excluded.destination end,
        status = case when effects.status in ('dead', 'cancelled') then 'pending' else effects.status end,
        attempts = case when effects.status in ('dead', 'cancelled') then 0 else effects.attempts end,
        settled_at = case when effects.status = 'sent' then effects.settled_at end,
        error = case when effects.status = 'sent' then effects.error end
      returning id, run_id as "runId", wait_id as "waitId", status, result, connector, destination`,
  'upsert_effects',
);

/**
 * Writes effects by their idempotency keys. One that is there already belongs to a step that is being retried: a dead or
 * cancelled one becomes pending again, one that was sent stays sent, and its result is given back instead of a second sending.
 */
export const upsertEffects = (tx: Executor, list: readonly EffectRow[]): Promise<WrittenEffect[]> => upsertion(tx, list);

/** Counts one more attempt at each effect that is still pending, and gives those. */
export async function beginAttempts(executor: Executor, ids: readonly string[]): Promise<EffectRow[]> {
  return executor
    .update(effects)
    .set({ attempts: sql`${effects.attempts} + 1`, nextAt: null })
    .where(and(oneOf(effects.id, ids), eq(effects.status, 'pending')))
    .returning();
}

export interface Settlement {
  id: string;
  runId: string;
  status: 'sent' | 'pending' | 'dead';
  result: EffectRow['result'];
  error: EffectRow['error'];
  nextAt: number | null;
  settledAt: number | null;
  /** It was not tried: what `beginAttempts` has counted counts no more. */
  untried: boolean;
}

const settlements = rowset<Settlement>({
  id: ['uuid', (row) => row.id],
  status: ['text', (row) => row.status],
  result: ['jsonb', (row) => row.result],
  error: ['jsonb', (row) => row.error],
  next_at: ['timestamptz', (row) => row.nextAt],
  settled_at: ['timestamptz', (row) => row.settledAt],
  untried: ['smallint', (row) => (row.untried ? 1 : 0)],
});

const settlement = statement<Settlement, { id: string; waitId: string }>(
  settlements,
  sql`update effects e set status = t.status, result = t.result, error = t.error, next_at = t.next_at, settled_at = t.settled_at,
        attempts = e.attempts - t.untried
      from ${settlements.rows} where e.id = t.id and e.status = 'pending' returning e.id, e.wait_id as "waitId"`,
);

/**
 * Writes how attempts ended. Gives those that were still pending – a cancelled effect keeps its state –, by their ids the waits that are to
 * hear of it: an attempt that took long may end when its step has failed and waits anew.
 */
export async function settleEffects(tx: Executor, list: readonly Settlement[]): Promise<Map<string, string>> {
  const written = await settlement(tx, list);
  return new Map(written.map((row) => [row.id, row.waitId]));
}

export function effectsOfRun(tx: Executor, runId: string): Promise<EffectRow[]> {
  return tx.select().from(effects).where(eq(effects.runId, runId)).orderBy(asc(effects.id));
}

/** Newest first, before the effect `before`. Uses `effects_open` or `effects_run` where the filter allows it. */
export function effectPage(
  tx: Executor,
  filter: { status?: EffectRow['status']; runId?: string },
  before: string | undefined,
  limit: number,
): Promise<EffectRow[]> {
  return tx
    .select()
    .from(effects)
    .where(
      and(
        filter.status === undefined ? undefined : eq(effects.status, filter.status),
        filter.runId === undefined ? undefined : eq(effects.runId, filter.runId),
        before === undefined ? undefined : lt(effects.id, before),
      ),
    )
    .orderBy(desc(effects.id))
    .limit(limit);
}

/** Ids of dead effects, oldest first, after the effect `after`. */
export async function deadEffectIds(tx: Executor, after: string | undefined, limit: number): Promise<string[]> {
  const dead = await tx
    .select({ id: effects.id })
    .from(effects)
    .where(and(eq(effects.status, 'dead'), after === undefined ? undefined : gt(effects.id, after)))
    .orderBy(asc(effects.id))
    .limit(limit);
  return dead.map((row) => row.id);
}

/** Effects whose wait is over before they left. One that is being sent this moment may still arrive. Uses `effects_run`. */
export async function cancelEffects(tx: Executor, list: readonly { runId: string; waitId: string }[], now: number): Promise<void> {
  await tx.execute(
    sql`update effects e set status = 'cancelled', settled_at = ${new Date(now).toISOString()}::timestamptz
        from json_to_recordset(${jsonRows(list)}) as t("runId" uuid, "waitId" text)
        where e.run_id = t."runId" and e.wait_id = t."waitId" and e.status = 'pending'`,
  );
}

/** Makes dead effects pending again, with their attempts counted anew. Gives those that were. */
export function reviveEffects(tx: Executor, ids: readonly string[]): Promise<Pick<EffectRow, 'id' | 'connector' | 'destination'>[]> {
  return tx
    .update(effects)
    .set({ status: 'pending', attempts: 0, settledAt: null, error: null })
    .where(and(oneOf(effects.id, ids), eq(effects.status, 'dead')))
    .returning({ id: effects.id, connector: effects.connector, destination: effects.destination });
}

export function deadEffects(tx: Executor, ids: readonly string[]): Promise<EffectRow[]> {
  return tx
    .select()
    .from(effects)
    .where(and(oneOf(effects.id, ids), eq(effects.status, 'dead')));
}

/** When the next attempt at a pending effect is planned; null where none is put off. */
export async function nextEffectDue(tx: Executor): Promise<number | null> {
  const [row] = await tx
    .select({ at: effects.nextAt })
    .from(effects)
    .where(and(eq(effects.status, 'pending'), isNotNull(effects.nextAt)))
    .orderBy(asc(effects.nextAt))
    .limit(1);
  return row?.at ?? null;
}
