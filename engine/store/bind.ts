/** Query functions of one kind by name: each takes what it works on – an executor, the tables in memory – before its own arguments. */
type Queries<Context> = Record<string, (context: Context, ...args: never[]) => unknown>;

/** The same functions as methods, without their first argument; all of them give promises. */
export type Bound<Q extends Queries<never>> = {
  readonly [Name in keyof Q]: Q[Name] extends (context: never, ...args: infer Args) => infer Result
    ? (...args: Args) => Promise<Awaited<Result>>
    : never;
};

/** @param run calls a query on what it is to work on, now or when its turn comes */
export function bind<Context, Q extends Queries<Context>>(
  queries: Q,
  run: (query: (context: Context) => unknown) => Promise<unknown>,
): Bound<Q> {
  const bound = Object.entries(queries).map(([name, query]) => [
    name,
    (...args: never[]): Promise<unknown> => run((context) => query(context, ...args)),
  ]);
  // `Object.fromEntries` forgets which function stands under which name; `Bound` says so again.
  return Object.fromEntries(bound) as Bound<Q>;
}
