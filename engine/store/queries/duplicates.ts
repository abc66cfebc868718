/** Records that may be one, by keys of their names. */

import type { NameKeyRow } from '../../unit/rows.ts';
import { MOST_ALIKE, MOST_OF_KEY } from '../alike.ts';
import { type Executor, jsonRows, rows } from '../database.ts';
import { sql } from '../drizzle.ts';
import { rowset, statement } from '../rowset.ts';

/** Ids of the records of an entity that have one of the keys, for each question. Uses `record_keys_entity_key_record_id_pk`. */
export async function recordsAlike(tx: Executor, questions: readonly { entity: string; keys: readonly string[] }[]): Promise<string[][]> {
  const input = questions.map(({ entity, keys }, i) => ({ i, entity, keys }));
  const found = await rows<{ i: number; id: string }>(
    tx,
    sql`select q.i, h.record_id as id from json_to_recordset(${jsonRows(input)}) as q(i int, entity text, keys json)
        cross join lateral (
          select k.record_id, count(*) as common from json_array_elements_text(q.keys) as asked(key)
          cross join lateral (
            select record_id from record_keys r where r.entity = q.entity and r.key = asked.key order by record_id desc limit ${MOST_OF_KEY}) k
          group by k.record_id order by common desc, k.record_id desc limit ${MOST_ALIKE}) h
        order by q.i, h.common desc, h.record_id desc`,
  );
  const answers: string[][] = questions.map(() => []);
  for (const { i, id } of found) answers[i]?.push(id);
  return answers;
}

const keyRows = rowset<NameKeyRow>({
  entity: ['text', (row) => row.entity],
  key: ['text', (row) => row.key],
  record_id: ['uuid', (row) => row.recordId],
});

const insertion = statement(
  keyRows,
  sql`insert into record_keys (${keyRows.names}) select ${keyRows.names} from ${keyRows.rows} on conflict do nothing`,
  'insert_record_keys',
);

/** One that is there already stays. */
export async function insertRecordKeys(tx: Executor, list: readonly NameKeyRow[]): Promise<void> {
  await insertion(tx, list);
}

const deletion = statement(
  keyRows,
  sql`delete from record_keys k using ${keyRows.rows} where k.entity = t.entity and k.key = t.key and k.record_id = t.record_id`,
);

export async function deleteRecordKeys(tx: Executor, list: readonly NameKeyRow[]): Promise<void> {
  await deletion(tx, list);
}
