/** Problems of files, each with its place and the way out. */
import { type ErrorData, TaktError } from '../../engine/errors/index.ts';
import type { Io } from './io.ts';
import { lineOfPointer } from './json-place.ts';
import { textOf } from './show.ts';

/** The problem with the line of its pointer, where the text is JSON at all. */
export function placed(problem: ErrorData, text: string, isJson: boolean): ErrorData {
  if (!isJson || problem.pointer === undefined || problem.line !== undefined) return problem;
  return { ...problem, line: lineOfPointer(text, problem.pointer) };
}

export function showProblems(io: Io, file: string, problems: readonly ErrorData[]): void {
  if (problems.length === 0) io.out(`${file}: fine`);
  for (const { line, pointer, node, message, code, hint } of problems) {
    const place = [pointer, node === undefined ? undefined : `node ${node}`].filter((part) => part !== undefined && part !== '');
    io.out(
      `${file}${line === undefined ? '' : `:${line}`}: ${place.length > 0 ? `${place.join(', ')}: ` : ''}${textOf(message)} [${code}]`,
    );
    if (hint !== undefined) io.out(`    ${textOf(hint)}`);
  }
}

/** What is ours to throw becomes a value; anything else is thrown on. */
export function attempt<T>(work: () => T): { ok: true; value: T } | { ok: false; error: TaktError } {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    if (error instanceof TaktError) return { ok: false, error };
    throw error;
  }
}
