/**
 * Steps saved by a job of a queue, as users of a queue do it: a table of their own, a commit after each step, the write of a step in the
 * same statement as its row – so each step's write happens exactly once – and a look at what is there already when a job begins anew.
 */
import { type Application, CREATE_TASK, type Order, UPDATE_LEAD, unsaved } from './application.ts';

const SAVE = 'insert into steps (run, name, input, output)';

export interface SavedSteps {
  /** The five steps of an order, each of them saved before the next. */
  all(order: Order): Promise<unknown>;
  /** Only the steps that write are saved. */
  lean(order: Order): Promise<unknown>;
}

export async function openSavedSteps({ pool, fiveSteps }: Application): Promise<SavedSteps> {
  await pool.query(
    'create table steps (run uuid, name text, input jsonb, output jsonb, at timestamptz default now(), primary key (run, name))',
  );

  async function savedBefore(run: string): Promise<Map<string, unknown>> {
    const found = await pool.query({ name: 'saved-steps', text: 'select name, output from steps where run = $1', values: [run] });
    return new Map(found.rows.map(({ name, output }): [string, unknown] => [String(name), output]));
  }

  async function run(order: Order, lean: boolean): Promise<unknown> {
    const before = await savedBefore(order.run);
    const input = JSON.stringify(order);
    const write = async (name: string, text: string, values: readonly unknown[]): Promise<void> => {
      if (before.has(name)) return;
      const saving = `with done as (${text} returning 1) ${SAVE} values ($3, '${name}', $4, '{"done": true}')`;
      await pool.query({ name: `step-${name}`, text: saving, values: [...values, order.run, input] });
    };
    return fiveSteps(order, {
      async pure(name, work) {
        if (lean) return unsaved(name, work);
        // What is computed from a saved input alone comes out the same again; only its row must not be written twice.
        const output = await work();
        if (!before.has(name)) {
          const values = [order.run, name, input, JSON.stringify(output)];
          await pool.query({ name: 'step', text: `${SAVE} values ($1, $2, $3, $4)`, values });
        }
        return output;
      },
      update: ({ lead, amount }) => write('note', UPDATE_LEAD, [lead, amount]),
      task: ({ lead }) => write('call', CREATE_TASK, [order.run, lead]),
    });
  }

  return { all: (order) => run(order, false), lean: (order) => run(order, true) };
}
