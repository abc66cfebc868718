/** What a call throws, by its codes. */
import { TaktError } from '../../engine/errors/index.ts';

function thrownBy(call: () => unknown): TaktError {
  try {
    call();
  } catch (thrown) {
    if (thrown instanceof TaktError) return thrown;
    throw thrown;
  }
  throw new Error('Nothing was thrown.');
}

export const codeOf = (call: () => unknown): string => thrownBy(call).code;

/** The codes of the problems that are told together. */
export const codesOf = (call: () => unknown): string[] => thrownBy(call).errors.map(({ code }) => code);
