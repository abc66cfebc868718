/** Closes in the reverse order of opening; one that fails does not keep the others open. Throws the first failure at the end. */
export async function closeAll(closers: (() => Promise<unknown>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (let close = closers.pop(); close; close = closers.pop()) await close().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
