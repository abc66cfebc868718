/**
 * Steps saved by a job of a queue, as users of a queue do it: a table of their own, the write of a step in the same statement as its row –
 * so each step's write happens exactly once – and a look at what is there already when a job begins anew.
 */
import type pg from 'pg';
import { type Application, CREATE_TASK, type Order, UPDATE_LEAD, unsaved, type Ways } from './application.ts';

const SAVE = 'insert into steps (run, name, input, output)';

export interface SavedSteps {
  /** The five steps of an order, each of them committed before the next. */
  all(order: Order): Promise<unknown>;
  /** Only the steps that write are saved. */
  lean(order: Order): Promise<unknown>;
  /** All steps are saved, in one transaction: a job that begins anew finds all of them or none. */
  atomic(order: Order): Promise<unknown>;
}

type Connection = pg.Pool | pg.PoolClient;

async function savedBefore(connection: Connection, run: string): Promise<ReadonlySet<string>> {
  const found = await connection.query({ name: 'saved-steps', text: 'select name from steps where run = $1', values: [run] });
  return new Set(found.rows.map(({ name }) => String(name)));
}

function saving(connection: Connection, order: Order, before: ReadonlySet<string>): Ways {
  const input = JSON.stringify(order);
  const write = async (name: string, text: string, values: readonly unknown[]): Promise<void> => {
    if (before.has(name)) return;
    const both = `with done as (${text} returning 1) ${SAVE} values ($3, '${name}', $4, '{"done": true}')`;
    await connection.query({ name: `step-${name}`, text: both, values: [...values, order.run, input] });
  };
  return {
    async pure(name, work) {
      // What is computed from a saved input alone comes out the same again; only its row must not be written twice.
      const output = await work();
      if (before.has(name)) return output;
      const values = [order.run, name, input, JSON.stringify(output)];
      await connection.query({ name: 'step', text: `${SAVE} values ($1, $2, $3, $4)`, values });
      return output;
    },
    update: ({ lead, amount }) => write('note', UPDATE_LEAD, [lead, amount]),
    task: ({ lead }) => write('call', CREATE_TASK, [order.run, lead]),
  };
}

export async function openSavedSteps({ pool, fiveSteps }: Application): Promise<SavedSteps> {
  await pool.query(
    'create table steps (run uuid, name text, input jsonb, output jsonb, at timestamptz default now(), primary key (run, name))',
  );
  const ways = async (order: Order, connection: Connection = pool): Promise<Ways> =>
    saving(connection, order, await savedBefore(connection, order.run));
  return {
    all: async (order) => fiveSteps(order, await ways(order)),
    lean: async (order) => fiveSteps(order, { ...(await ways(order)), pure: unsaved }),
    async atomic(order) {
      const client = await pool.connect();
      try {
        await client.query('begin');
        const outcome = await fiveSteps(order, await ways(order, client));
        await client.query('commit');
        client.release();
        return outcome;
      } catch (error) {
        // The connection is closed, and with it the transaction that it has open.
        client.release(true);
        throw error;
      }
    },
  };
}
