/** Readers of option values; what they throw is a usage error. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { JsonObject } from '../../schemas/json.ts';

export const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most)
      throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
    return value;
  };

export const versionNumber = wholeNumber(1, 1_000_000);

/** A version of a workflow, or its draft. */
export const versionOrDraft = (text: string): number | 'draft' => (text === 'draft' ? text : versionNumber(text));

export function jsonObject(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(`This is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidArgumentError('Give a JSON object, such as \'{"city":"Riga"}\'.');
  return Object.fromEntries(Object.entries(value));
}

export const commaList = (text: string): string[] => text.split(',').flatMap((part) => part.trim() || []);

export const jsonOption = (words = 'print JSON instead of a table'): Option => new Option('--json', words);
export const limitOption = (standard = 20): Option =>
  new Option('--limit <n>', 'how many at most').argParser(wholeNumber(1, 100_000)).default(standard);

/** What a command that changes many things by a job knows beside its own options. */
export interface JobOptions {
  yes?: true;
  run: boolean;
  json?: true;
}

export const withJobOptions = (command: Command): Command =>
  command.option('--yes', 'do not ask').option('--no-run', 'leave it to a server').addOption(jsonOption());

/** Examples under the help of a command. */
export const examples = (...lines: string[]): string => `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
