import { TaktError } from '../errors/index.ts';

/** The error of a part of a document, told with its place in the whole: the pointers are joined. */
export function under(pointer: string, error: TaktError): TaktError {
  const { pointer: within = '', ...place } = error.place;
  const { code, message, hint, errors } = error;
  return new TaktError(code, { ...place, pointer: `${pointer}${within}`, message, hint, errors, cause: error });
}

/** One step of a JSON pointer (RFC 6901). */
export const pointerStep = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
