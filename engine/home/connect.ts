import postgres from 'postgres';

/** Every postgres.js error has a code: a SQL state of five letters or a system's code such as ECONNREFUSED. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** Opens one connection for a few statements and closes it, whatever happens. */
export async function withConnection<T>(url: string, seconds: number, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, {
    max: 1,
    connect_timeout: seconds,
    fetch_types: false,
    onnotice: () => {},
    connection: { application_name: 'takt-home' },
  });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}
