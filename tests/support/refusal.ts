import { TaktError } from '../../engine/errors/index.ts';

/** The TaktError that the work throws; anything else fails the test. */
export function refusal(work: () => unknown): TaktError {
  try {
    work();
  } catch (error) {
    if (error instanceof TaktError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}

export async function rejection(work: Promise<unknown>): Promise<TaktError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof TaktError) return error;
  throw new Error('No TaktError was thrown.', { cause: error });
}
