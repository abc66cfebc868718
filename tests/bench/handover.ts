/** The raw limit of a first step: two commits, one after the other, with a notice between them. */
import pg from 'pg';
import type { BedDatabase } from './bed.ts';

/** Where one session writes what another one hears of and takes up. */
const TABLES = `create table told (id int primary key, due boolean not null, data jsonb not null);
  create index told_due on told (id) where due;
  create table taken (id int primary key, data jsonb not null);`;
const DATA = JSON.stringify({ order: 'O-1', amount: 50_000, currency: 'EUR', items: 3 });

export interface Handover {
  /** Writes one thing; resolves when it is committed. */
  tell(id: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * Hands things over as barely as it can be done without losing one: each is committed with a notice; a session that has heard it claims it, writes what
 * it has done in the same transaction, and commits. Every statement is prepared, and those of a commit are sent together.
 */
export async function openHandover({ url }: BedDatabase): Promise<Handover> {
  const open = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: url, pipeline: true });
    await client.connect();
    return client;
  };
  const [teller, listener, taker] = await Promise.all([open(), open(), open()]);
  await teller.query(TABLES);
  // What fails ends the process: nobody would notice otherwise that nothing is taken.
  listener.on('notification', () => void take(taker));
  await listener.query('listen told');
  return {
    tell: (id) =>
      whole(teller, [
        { name: 'tell', text: 'insert into told values ($1, true, $2)', values: [id, DATA] },
        { name: 'notify', text: `select pg_notify('told', '')`, values: [] },
      ]),
    async close() {
      await Promise.all([teller, listener, taker].map((client) => client.end()));
    },
  };
}

async function take(client: pg.Client): Promise<void> {
  const [, { rows }] = await Promise.all([
    client.query('begin'),
    client.query({ name: 'claim', text: 'select id from told where due order by id limit 200 for update skip locked' }),
  ]);
  const ids = rows.map(({ id }) => id);
  await Promise.all([
    client.query({ name: 'done', text: 'update told set due = false where id = any($1)', values: [ids] }),
    client.query({ name: 'take', text: 'insert into taken select id, $2 from unnest($1::int[]) id', values: [ids, DATA] }),
    client.query('commit'),
  ]);
}

/** A transaction in one go. */
async function whole(client: pg.Client, statements: readonly { name: string; text: string; values: unknown[] }[]): Promise<void> {
  await Promise.all([client.query('begin'), ...statements.map((one) => client.query(one)), client.query('commit')]);
}
