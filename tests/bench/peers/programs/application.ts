/** The application of the peers: leads and tasks in its own tables, and the five steps that Takt's workflow takes. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';

/** An order that was paid, about a lead; `run` makes repeated steps harmless. */
export interface Order {
  run: string;
  lead: number;
  order: string;
  amount: number;
}

/** How a peer saves a step. Both resolve when the step is durable. */
export interface Ways {
  /** A step that only computes. */
  pure<T>(name: string, work: () => Promise<T>): Promise<T>;
  update(order: Order): Promise<unknown>;
  task(order: Order): Promise<unknown>;
}

const LEADS = 5_000;

const SCHEMA = `
  create table leads (id integer primary key, name text not null, source text not null, budget integer, updated_at timestamptz not null default now());
  create table tasks (run uuid primary key, lead integer not null references leads, title text not null, due_at timestamptz not null);
  create index tasks_lead on tasks (lead);
  insert into leads (id, name, source) select n, 'Ada Lead ' || n, 'website' from generate_series(0, ${LEADS - 1}) n`;

export const UPDATE_LEAD = `update leads set budget = $2, source = 'order', updated_at = now() where id = $1`;
/** A step that is done again after a crash finds its task. */
export const CREATE_TASK = `insert into tasks (run, lead, title, due_at)
  select $1::uuid, id, 'Thank ' || name, now() + interval '1 day' from leads where id = $2 on conflict (run) do nothing`;

export interface Application {
  pool: pg.Pool;
  /** Orders about one lead after the other. */
  orders(count: number): Order[];
  updateLead(order: Order): Promise<void>;
  createTask(order: Order): Promise<void>;
  /** Runs the work and throws where it has not made a task for each of the orders. */
  checked(count: number, work: (orders: Order[]) => Promise<void>): Promise<void>;
  /** Trigger → switch → update → task → end. */
  fiveSteps(order: Order, ways: Ways): Promise<unknown>;
  /** Posts one order; milliseconds until its first step is saved. */
  first(post: (order: Order) => Promise<unknown>): Promise<number>;
  close(): Promise<void>;
}

/** @param connections of the pool for the writes of the steps */
export async function openApplication(url: string, connections: number): Promise<Application> {
  const pool = new pg.Pool({ connectionString: url, max: connections });
  await pool.query(SCHEMA);
  const awaited = new Map<string, () => void>();
  let posted = 0;
  const tasks = async (): Promise<number> => Number((await pool.query('select count(*) as n from tasks')).rows[0]?.n);
  const orders = (count: number): Order[] =>
    Array.from({ length: count }, () => {
      const n = posted++;
      return { run: randomUUID(), lead: n % LEADS, order: `O-${n}`, amount: (n * 7919) % 100_000 };
    });
  return {
    pool,
    orders,
    async updateLead({ lead, amount }) {
      await pool.query({ name: 'update-lead', text: UPDATE_LEAD, values: [lead, amount] });
    },
    async createTask({ run, lead }) {
      await pool.query({ name: 'create-task', text: CREATE_TASK, values: [run, lead] });
    },
    async checked(count, work) {
      const before = await tasks();
      await work(orders(count));
      const made = (await tasks()) - before;
      if (made !== count) throw new Error(`${made} tasks were made by ${count} workflows.`);
    },
    async fiveSteps(order, { pure, update, task }) {
      const { amount, lead } = await pure('paid', async () => ({ lead: order.lead, amount: order.amount, order: order.order }));
      awaited.get(order.run)?.();
      const { size } = await pure('size', async () => ({ size: amount >= 50_000 ? 'large' : amount >= 5_000 ? 'middle' : 'else' }));
      await update(order);
      await task(order);
      return pure('end', async () => ({ outcome: 'thanked', lead, size }));
    },
    async first(post) {
      const [order] = orders(1);
      if (!order) throw new RangeError('No order was made.');
      const begun = performance.now();
      const saved = new Promise<number>((resolve) => awaited.set(order.run, () => resolve(performance.now() - begun)));
      const [waited] = await Promise.all([saved, post(order)]);
      awaited.delete(order.run);
      return waited;
    },
    close: () => pool.end(),
  };
}

/** A step that is not saved: it is done again when the workflow is. */
export const unsaved = <T>(_name: string, work: () => Promise<T>): Promise<T> => work();
