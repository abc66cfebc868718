import { describe, expect, it } from 'vitest';
import { sql } from '../../engine/store/drizzle.ts';
import { executorOf } from '../../engine/store/sql-store.ts';
import { isUnavailable } from '../../engine/store/trouble.ts';
import { workOnce } from '../../engine/worker/worker.ts';
import { onLeadCreated, openTestEngine, somebody, workflow } from './support.ts';

describe('with the database away', () => {
  it('every change of a batch is told so at once, and a run that was due is due still', async () => {
    const takt = await openTestEngine('postgres');
    const { database } = takt.engine.ports;
    await takt.publish(workflow('w', { start: onLeadCreated, a: { type: 'data.set', params: { values: { x: 1 } } } }, [['start', 'a']]));
    await takt.create('lead', { last_name: 'Due' });
    // Every connection of this database is cut in the middle of the worker's transaction.
    const cut = database.transaction(async (tx) => {
      const executor = executorOf(tx);
      await executor.execute(
        sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
      );
      await executor.execute(sql`select pg_terminate_backend(pg_backend_pid())`);
    });
    await expect(cut).rejects.toSatisfy(isUnavailable);
    await workOnce(takt.engine.ports).catch((error: unknown) => expect(isUnavailable(error)).toBe(true));
    await takt.pass(0);
    expect((await takt.engine.runs.page({ workflowId: 'w' }, 5)).items).toMatchObject([{ status: 'done' }]);
    await takt.close();
    const outcomes = await takt.engine.intake.submit(
      ['a', 'b', 'c'].map((last_name) => ({ kind: 'create', entity: 'lead', data: { last_name }, onExisting: 'error' })),
      somebody,
    );
    expect(outcomes.map((outcome) => !outcome.ok && outcome.error.code)).toEqual(Array(3).fill('DATABASE_UNAVAILABLE'));
  });

  it.each([
    [{ code: 'ECONNREFUSED' }, true],
    [{ code: 'EPIPE' }, true],
    [{ message: 'Connection terminated unexpectedly' }, true],
    [{ code: '57P01' }, true],
    [{ code: '53300' }, true],
    [{ code: '53100' }, true],
    [{ code: '25006' }, true],
    [{ code: '28P01' }, true],
    // A statement that is cancelled for its time, or wants more memory than there is, is to blame itself.
    [{ code: '57014' }, false],
    [{ code: '53200' }, false],
    [{ code: '23505' }, false],
    [{ code: '22P02' }, false],
    [{}, false],
  ])('%j is told apart from a statement that is refused, however deeply it is wrapped', (fields, away) => {
    const error = new Error('outer', { cause: new Error('middle', { cause: Object.assign(new Error('inner'), fields) }) });
    expect(isUnavailable(error)).toBe(away);
  });
});
