/** A look at how everything does. */
import type { Command } from 'commander';
import { rows } from '../../../engine/store/database.ts';
import { sql } from '../../../engine/store/drizzle.ts';
import { queueState } from '../../server/state.ts';
import { jsonOption } from '../arguments.ts';
import type { CliContext } from '../context.ts';
import { count, duration, showFields, showJson } from '../show.ts';

export function addCheck(program: Command, context: CliContext): void {
  const { io } = context;
  program
    .command('check')
    .description('how the installation does: database, server, queues, failed runs')
    .addOption(jsonOption())
    .action((options: { json?: true }) =>
      context.visit(async (bench) => {
        const { engine, database } = bench;
        const [[facts], queues, running, published] = await Promise.all([
          rows<{ version: string; records: number; failed: number; size: string }>(
            database.orm,
            sql`select current_setting('server_version') as version,
                  (select count(*)::int from records where deleted_at is null) as records,
                  (select count(*)::int from runs where status = 'failed') as failed,
                  pg_size_pretty(pg_database_size(current_database())) as size`,
          ),
          queueState(engine),
          bench.serverRuns(),
          engine.workflows.list(),
        ]);
        const active = published.filter((row) => row.publishedVersion !== null && row.status === 'active').length;
        const problems = [
          ...((facts?.failed ?? 0) > 0 ? [`${count(facts?.failed ?? 0)} runs have failed: takt runs --status failed`] : []),
          ...(queues.deadEffects > 0 ? [`${count(queues.deadEffects)} effects could not be sent: takt effects --dead`] : []),
          ...(queues.dueRuns > 0 && !running ? [`${count(queues.dueRuns)} runs are due and no server runs: takt start`] : []),
        ];
        if (options.json) return showJson(io, { ...facts, ...queues, serverRuns: running, activeWorkflows: active, problems });
        showFields(io, [
          ['database', `PostgreSQL ${facts?.version ?? ''}, ${facts?.size ?? ''}`],
          ['server', running ? 'running' : 'not running'],
          ['workflows', `${active} active`],
          ['records', count(facts?.records ?? 0)],
          ['runs due', `${count(queues.dueRuns)}${queues.lagMs > 0 ? `, the oldest for ${duration(queues.lagMs)}` : ''}`],
          ['to be sent', count(queues.pendingEffects)],
          ['not sent', count(queues.deadEffects)],
          ['failed runs', count(facts?.failed ?? 0)],
        ]);
        for (const problem of problems) io.out(problem);
        if (problems.length === 0) io.out('All is well.');
      }),
    );
}
