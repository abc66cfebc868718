/** The examples of docs/expressions.md are true. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TaktError } from '../../engine/errors/index.ts';
import { compileExpression } from '../../engine/expression/index.ts';
import { compileTemplate } from '../../engine/template/index.ts';

const page = readFileSync(new URL('../../docs/expressions.md', import.meta.url), 'utf8');
const WEEK = 7 * 86_400_000;
const environment = {
  now: Date.parse('2026-03-10T12:00:00Z'),
  random: () => 0,
  timeZone: 'Europe/Moscow',
  eventCount: (_type: string, withinMs: number | undefined) => (withinMs !== undefined && withinMs <= WEEK ? 3 : 12),
  inSegment: (id: string) => id === 'vip',
};

function blocks(language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map((match) => match[1] ?? '');
}

/** Lines of the form "source → result". */
function examples(language: string): [source: string, result: string][] {
  return blocks(language).flatMap((block) =>
    block
      .trimEnd()
      .split('\n')
      .map((line): [string, string] => {
        const arrow = line.lastIndexOf(' → ');
        return [line.slice(0, arrow).trim(), line.slice(arrow + 3)];
      }),
  );
}

const input = JSON.parse(blocks('json')[0] ?? '') as Record<string, unknown>;

function attempt(work: () => unknown, write: (value: unknown) => string): string {
  try {
    return write(work());
  } catch (thrown) {
    if (!(thrown instanceof TaktError)) throw thrown;
    return `error ${/^[A-Z]\d{4}/.exec(thrown.message)?.[0] ?? thrown.code}`;
  }
}

test('the page has examples', () => {
  expect(examples('jsonata').length).toBeGreaterThan(80);
  expect(examples('handlebars').length).toBeGreaterThan(20);
  expect(examples('handlebars ru').length).toBeGreaterThan(10);
});

test.each(examples('jsonata'))('%s → %s', (source, result) => {
  const value = attempt(
    () => compileExpression(source).evaluate(input, environment),
    (found) => (found === undefined ? 'nothing' : JSON.stringify(found)),
  );
  const expected = result === 'nothing' || result.startsWith('error ') ? result : JSON.stringify(JSON.parse(result));
  expect(value).toBe(expected);
});

const templates = (['en', 'ru'] as const).flatMap((locale) =>
  examples(locale === 'en' ? 'handlebars' : 'handlebars ru').map(([source, result]) => ({ source, result, locale })),
);

test.each(templates)('$source → $result', ({ source, result, locale }) => {
  const text = attempt(() => compileTemplate(source, 'text').render(input, { ...environment, locale }), String);
  expect(text.replace(/[\u00a0\u202f]/g, ' ').trim()).toBe(result);
});
