import Handlebars from 'handlebars';
import { TaktError } from '../errors/index.ts';
import { measureNesting } from './lexer.ts';

const MAX_SOURCE = 200_000;
const MAX_BLOCKS = 50;
const MAX_BRACKETS = 20;

export function syntaxError(message: string, place: { start: { line: number; column: number } } | undefined, hint?: string): TaktError {
  return new TaktError('TEMPLATE_SYNTAX', {
    message,
    ...(place === undefined ? {} : { line: place.start.line, column: place.start.column + 1 }),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Handlebars' syntax tree, with its rules for white space applied. Throws TaktError TEMPLATE_SYNTAX, TEMPLATE_TOO_LARGE. */
export function parseTemplate(source: string): hbs.AST.Program {
  // Handlebars takes a ready-made tree in place of a text, and a tree from outside can carry anything.
  if (typeof source !== 'string') throw new TaktError('TEMPLATE_SYNTAX', { message: 'A template is a text' });
  if (source.length > MAX_SOURCE)
    throw new TaktError('TEMPLATE_TOO_LARGE', {
      message: `The template has ${source.length} characters; at most ${MAX_SOURCE} are allowed`,
    });
  try {
    const { blocks, brackets } = measureNesting(source);
    if (blocks > MAX_BLOCKS || brackets > MAX_BRACKETS) {
      throw new TaktError('TEMPLATE_TOO_LARGE', {
        message: `The template nests more than ${MAX_BLOCKS} blocks or ${MAX_BRACKETS} brackets`,
      });
    }
    return Handlebars.parse(source);
  } catch (cause) {
    if (cause instanceof TaktError) throw cause;
    if (cause instanceof RangeError) throw new TaktError('TEMPLATE_TOO_LARGE', { message: 'The template is nested too deeply', cause });
    const text = cause instanceof Error ? cause.message : String(cause);
    const line = Number(/line (\d+)/.exec(text)?.[1] ?? (cause as { lineNumber?: unknown }).lineNumber ?? 1);
    const expected = /got '(\w+)'/.exec(text)?.[1];
    const message = text.includes("doesn't match")
      ? text.split(' - ')[0]
      : expected === undefined
        ? text.split('\n')[0]
        : `unexpected ${NAMES[expected] ?? expected}`;
    throw new TaktError('TEMPLATE_SYNTAX', { message: `The template cannot be read in line ${line}: ${message}`, line, cause });
  }
}

const NAMES: Readonly<Record<string, string>> = {
  EOF: 'end of the template: a block or a bracket is still open',
  INVALID: 'character',
  CLOSE: 'end of the brackets',
  OPEN_ENDBLOCK: 'end of a block that was not opened',
};
