import { reportAssignments } from '../assignments/report.ts';
import type { FactRequest } from '../node/definition.ts';
import type { StoreTx } from '../store/port.ts';
import { together } from '../store/together.ts';
import { type Facts, keyOf } from './facts.ts';
import type { Request } from './request.ts';
import type { Workspace } from './workspace.ts';

/** Loads what is only read: one statement a kind. */
export async function loadFacts(tx: StoreTx, workspace: Workspace, requests: readonly Request[]): Promise<void> {
  await answer(workspace, of(requests, 'events'), async (asked) => {
    // Under the records' own locks: an event that is being written now is either found here, or finds the wait that is registered after.
    const ids = [...new Set(asked.map(({ query }) => query.recordId))].filter((id) => !workspace.has({ kind: 'lock', ids: [id] })).sort();
    if (ids.length > 0) workspace.addRecords(ids, await tx.recordsByIds(ids, 'wait'), true);
    return tx.eventsSince(asked.map(({ query }) => query));
  });
  await answer(workspace, of(requests, 'event_count'), (asked) => tx.eventCounts(asked));
  await answer(workspace, of(requests, 'sent'), (asked) => tx.sentCounts(asked));
  await answer(workspace, of(requests, 'changes'), (asked) =>
    together(asked.map(({ recordId, runId }) => tx.changesSinceRun(recordId, runId))),
  );
  await answer(workspace, of(requests, 'open_runs'), async (asked) => {
    const found = await tx.openRunIds(asked);
    return asked.map((one) =>
      found.filter((run) => run.workflowId === one.workflowId && run.recordId === one.recordId).map((run) => run.id),
    );
  });
  await answer(workspace, of(requests, 'recent_runs'), async (asked) => {
    // All of one transaction ask about the same time.
    const found = await tx.recentRunCounts(asked, Math.min(...asked.map((one) => one.since)));
    return asked.map((one) => found.find((row) => row.workflowId === one.workflowId && row.recordId === one.recordId)?.count ?? 0);
  });
  await answer(workspace, of(requests, 'alike'), (asked) => tx.recordsAlike(asked));
  await loadLoads(tx, workspace, of(requests, 'loads'));
  await loadAssignments(tx, workspace, of(requests, 'assignments'));
  const { forecasts } = workspace.surroundings;
  await answer(workspace, of(requests, 'forecast'), (asked) => inTurn(asked, ({ query }) => forecasts.months(tx, query)));
  await answer(workspace, of(requests, 'received'), (asked) => inTurn(asked, ({ query }) => forecasts.received(tx, query)));
  await answer(workspace, of(requests, 'entered'), async (asked) => {
    const found = await tx.enteredKeys(asked);
    return asked.map((one) => found.some((row) => row.workflowId === one.workflowId && row.entryKey === one.entryKey));
  });
}

async function loadLoads(tx: StoreTx, workspace: Workspace, requests: readonly Extract<FactRequest, { kind: 'loads' }>[]): Promise<void> {
  // One statement for each: those who ask for the same ask at once.
  await answer(workspace, requests, (asked) => inTurn(asked, ({ load, owners }) => tx.ownerLoads(load, owners)));
}

async function loadAssignments(
  tx: StoreTx,
  workspace: Workspace,
  requests: readonly Extract<FactRequest, { kind: 'assignments' }>[],
): Promise<void> {
  const { entities, now } = workspace.surroundings;
  await answer(workspace, requests, (asked) => inTurn(asked, ({ query }) => reportAssignments(tx, entities, query, now)));
}

/** One after the other: each may read much. */
async function inTurn<R, T>(asked: readonly R[], ask: (one: R) => Promise<T>): Promise<T[]> {
  const answers: T[] = [];
  for (const one of asked) answers.push(await ask(one));
  return answers;
}

function of<K extends FactRequest['kind']>(requests: readonly Request[], kind: K): Extract<FactRequest, { kind: K }>[] {
  return requests.filter((request): request is Extract<FactRequest, { kind: K }> => request.kind === kind);
}

async function answer<K extends keyof Facts>(
  workspace: Workspace,
  requests: readonly Extract<FactRequest, { kind: K }>[],
  ask: (distinct: readonly Extract<FactRequest, { kind: K }>[]) => Promise<readonly Facts[K][]>,
): Promise<void> {
  const distinct = [...new Map(requests.map((request) => [keyOf(request), request])).values()];
  if (distinct.length === 0) return;
  const answers = await ask(distinct);
  for (const [i, request] of distinct.entries()) {
    const value = answers[i];
    if (value !== undefined) workspace.addFact(request, value);
  }
}
