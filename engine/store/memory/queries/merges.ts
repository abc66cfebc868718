import type { MergeRow, WaitRow } from '../../../unit/rows.ts';
import { MOST_MOVED } from '../../alike.ts';
import type { RunMove } from '../../queries/merges.ts';
import { OPEN_RUN } from '../../schema.ts';
import { oldestFirst } from '../order.ts';
import { joint, type Tables } from '../tables.ts';

export function insertMerge(tables: Tables, row: MergeRow): void {
  tables.merges.insert(row);
}

export const mergeById = (tables: Tables, id: string, _lock: boolean): MergeRow | undefined => tables.merges.get(id);

export const mergesOfRecord = (tables: Tables, recordId: string, limit: number): MergeRow[] =>
  [...tables.mergesByRecord.of(recordId)].sort((a, b) => oldestFirst(b, a)).slice(0, limit);

export function markMergeUndone(tables: Tables, id: string, at: number): void {
  const row = tables.merges.get(id);
  if (row) tables.merges.change(row, { undoneAt: at });
}

export function moveRuns(tables: Tables, { from, to, except = [], among }: RunMove): string[] {
  const [was, is] = [`record:${from}`, `record:${to}`];
  const moved = [...tables.runsByRecord.of(from)]
    .filter((run) => OPEN_RUN.includes(run.status) && !except.includes(run.id) && (among === undefined || among.includes(run.id)))
    .sort(oldestFirst)
    .slice(0, MOST_MOVED);
  for (const run of moved) {
    tables.runs.change(run, { recordId: to, state: JSON.parse(JSON.stringify(run.state).replaceAll(was, is)) });
    for (const wait of [...tables.waitsByRun.of(run.id)].filter(({ correlation }) => correlation === was)) {
      tables.waits.delete(keyOf(wait));
      tables.waits.put({ ...wait, correlation: is });
    }
  }
  return moved.map((run) => run.id);
}

const keyOf = ({ runId, waitId, type, topic, correlation }: WaitRow): string => joint(runId, waitId, type, topic, correlation);
