/** What task.create and task.complete know of the entity `task`. */
import { type DataRequest, findRecords, type RecordView, type StepContext } from '../../engine/sdk.ts';
import type { JsonObject } from '../../schemas/json.ts';

/** Most tasks of one record that a node looks at. */
const MOST = 100;

/** The key under which an open task is the same one: its title, or a text of the author's own. Undefined: never the same. */
export function dedupeKey(dedupe: string | undefined, title: string | undefined): string | undefined {
  if (dedupe === undefined || dedupe === '' || dedupe === 'none') return undefined;
  return (dedupe === 'title' ? `title:${title ?? ''}` : `key:${dedupe}`).slice(0, 500);
}

export const referenceTo = (record: RecordView): JsonObject => ({ entity: record.entity, id: record.id });

/** Open tasks about a record (or about none) whose fields equal `match`, the oldest first. */
export function* openTasks(
  ctx: StepContext,
  about: RecordView | undefined,
  match: JsonObject,
): Generator<DataRequest, readonly RecordView[], void> {
  const narrowed = about ? { ...match, record: referenceTo(about) } : match;
  const found = yield* findRecords(ctx, { entity: 'task', match: { status: 'open', ...narrowed }, limit: MOST });
  return about ? found : found.filter((task) => (task.record ?? null) === null);
}
