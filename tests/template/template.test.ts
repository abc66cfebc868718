import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileTemplate, type TemplateEnvironment } from '../../engine/template/index.ts';
import { refusal } from '../support/refusal.ts';

const english: TemplateEnvironment = { now: Date.parse('2026-03-10T21:30:00Z'), locale: 'en', timeZone: 'UTC' };
const russian: TemplateEnvironment = { ...english, locale: 'ru', timeZone: 'Europe/Moscow' };

const scope = {
  record: {
    name: 'Ann & Co',
    empty: null,
    zero: 0,
    tags: ['vip', 'welding'],
    owner: { name: 'Ivan', 'first name': 'I' },
    deals: [
      { id: 'd1', amount: 1500, lines: [1, 2] },
      { id: 'd2', amount: 20.5, lines: [] },
    ],
    due: '2026-03-08',
    at: '2026-03-08T22:30:00Z',
  },
  user: { name: 'Olga' },
};

function render(source: string, environment: TemplateEnvironment = english, format: 'text' | 'html' = 'text'): string {
  return compileTemplate(source, format)
    .render(scope, environment)
    .replace(/[\u00a0\u202f]/g, ' ');
}

test.each([
  ['Hello {{record.name}}!', 'Hello Ann & Co!'],
  ['{{record.owner.[first name]}}', 'I'],
  ['{{record.zero}}|{{record.empty}}|{{record.empty.more}}', '0||'],
  ['{{record.tags}}', 'vip, welding'],
  ['{{record.tags.[1]}}', 'welding'],
  ['{{#if record.tags}}yes{{else}}no{{/if}}{{#if record.nothing}}yes{{else}}no{{/if}}', 'yesno'],
  ['{{#unless record.empty}}none{{/unless}}', 'none'],
  ['{{#if record.zero}}a{{else if record.name}}b{{/if}}', 'b'],
  ['{{#each record.deals}}{{@index}}:{{id}}{{#unless @last}}, {{/unless}}{{/each}}', '0:d1, 1:d2'],
  ['{{#each record.deals as |deal number|}}{{number}}{{deal.id}}{{/each}}', '0d11d2'],
  ['{{#each record.deals}}{{#each lines}}{{this}}{{../id}}{{../../user.name}};{{else}}none{{/each}}{{/each}}', '1d1Olga;2d1Olga;none'],
  ['{{#each record.owner}}{{@key}}={{this}} {{/each}}', 'name=Ivan first name=I '],
  ['{{#with record.owner}}{{name}} {{@root.user.name}}{{/with}}', 'Ivan Olga'],
  ['{{#with record.owner as |o|}}{{o.name}}{{/with}}', 'Ivan'],
  ['{{#if (eq record.name "Ann & Co")}}same{{/if}}', 'same'],
  ['{{#if (ne record.name "Bob")}}other{{/if}}{{#if (ne record.name record.name)}}other{{/if}}', 'other'],
  ['{{default record.nick "friend"}} {{default record.owner.title.short "Mr"}} {{default record.name "x"}}', 'friend Mr Ann & Co'],
  ['{{default record.empty (default record.nick user.name)}}', 'Olga'],
  ['a {{!-- not shown --}}b', 'a b'],
  ['\\{{record.name}}', '{{record.name}}'],
])('a template writes %s as %s', (source, text) => {
  expect(render(source)).toBe(text);
});

test.each<[string, string, string]>([
  ['{{date record.due}}', 'Mar 8, 2026', '8 мар. 2026 г.'],
  ['{{date record.due "long"}}', 'March 8, 2026', '8 марта 2026 г.'],
  ['{{date record.at "long"}}', 'March 8, 2026', '9 марта 2026 г.'],
  ['{{date record.at "time"}}', '10:30 PM', '01:30'],
  ['{{date "now" "short"}}', '3/10/26', '11.03.2026'],
  ['{{number 1234567.891}}', '1,234,567.891', '1 234 567,891'],
  ['{{number 1234.5 2}}', '1,234.50', '1 234,50'],
  ['{{money 1500 "RUB"}}', 'RUB 1,500', '1 500 ₽'],
  ['{{money 20.5 "EUR"}}', '€20.50', '20,50 €'],
  ['{{money record.empty "EUR"}}', '', ''],
])('%s follows language and zone', (source, en, ru) => {
  expect(render(source)).toBe(en);
  expect(render(source, russian)).toBe(ru);
});

test('values are escaped in HTML and nowhere else', () => {
  const evil = { x: `<a href="j">'&\`=` };
  const write = (source: string, format: 'text' | 'html'): string => compileTemplate(source, format).render(evil, english);
  expect(write('<b>{{x}}</b>', 'html')).toBe('<b>&lt;a href&#x3D;&quot;j&quot;&gt;&#x27;&amp;&#x60;&#x3D;</b>');
  expect(write('{{default x ""}}', 'html')).not.toContain('<');
  expect(write('{{{x}}}', 'html')).toBe(evil.x);
  expect(write('{{x}}', 'text')).toBe(evil.x);
});

test('no text from data comes through unescaped in HTML', () => {
  fc.assert(
    fc.property(fc.string(), (x) => {
      expect(compileTemplate('{{x}}{{default x "-"}}{{#each l}}{{this}}{{/each}}', 'html').render({ x, l: [x] }, english)).not.toMatch(
        /[<>"'`]/,
      );
    }),
  );
});

test('a variable that is not there is named, with its line and the way out', () => {
  const error = refusal(() => render('Dear\n{{record.nick}}'));
  expect(error.code).toBe('TEMPLATE_MISSING');
  expect(error.place).toEqual({ line: 2, field: 'record.nick' });
  expect(error.hint).toContain('{{default record.nick "…"}}');
});

test.each([
  '{{record.owner.nick}}',
  '{{nobody.name}}',
  '{{record.name.length}}',
  '{{#each record.nothing}}{{/each}}',
  '{{date record.nothing}}',
  '{{money record.nothing "RUB"}}',
  '{{#each record.deals}}{{name}}{{/each}}',
])('what is missing is an error, not an empty text: %s', (source) => {
  expect(refusal(() => render(source)).code).toBe('TEMPLATE_MISSING');
});

test.each([
  'constructor',
  '__proto__',
  'toString',
  'record.constructor',
  'record.__proto__',
  'record.tags.map',
  'record.name.trim',
  'record.deals.constructor',
])('what objects inherit is not there: %s', (name) => {
  expect(refusal(() => render(`{{${name}}}`)).code).toBe('TEMPLATE_MISSING');
  expect(render(`{{#if ${name}}}there{{else}}not there{{/if}}`)).toBe('not there');
});

test.each([
  ['{{#if a}}', 1],
  ['one\n{{/if}}', 2],
  ['one\n\n{{#each a}}{{/if}}', 3],
  ['{{a', 1],
  ['one\n{{shout a}}', 2],
  ['{{> partial}}', 1],
  ['{{#*inline "x"}}{{/inline}}', 1],
  ['{{#list a}}{{/list}}', 1],
  ['{{#if}}{{/if}}', 1],
  ['{{date}}', 1],
  ['{{eq a}}', 1],
  ['{{money a "RUB" "EUR"}}', 1],
  ['{{plural a "lead"}}', 1],
  ['{{truncate a}}', 1],
  ['{{not a b}}', 1],
  ['{{default a b c}}', 1],
  ['{{date a style="long"}}', 1],
  ['{{@unknown}}', 1],
  ['{{lookup a "b"}}', 1],
])('a template that cannot be used names the line: %s', (source, line) => {
  const error = refusal(() => compileTemplate(source, 'text'));
  expect(error.code).toBe('TEMPLATE_SYNTAX');
  expect(error.place.line).toBe(line);
});

test.each([
  ['{{record}}', 'object'],
  ['{{date record.name}}', 'cannot read'],
  ['{{date record.due "pretty"}}', 'style'],
  ['{{number record.name}}', 'cannot read'],
  ['{{number 1 99}}', 'decimal places'],
  ['{{money 1 "roubles"}}', 'currency'],
])('a value that a template cannot write is an error that says so: %s', (source, words) => {
  const error = refusal(() => render(source));
  expect(error.code).toBe('TEMPLATE_RUNTIME');
  expect(error.message).toContain(words);
});

test('a zone that does not exist is told', () => {
  expect(refusal(() => render('{{date record.at}}', { ...english, timeZone: 'Mars/Base' })).message).toContain('Mars/Base');
});

test('only a text is a template', () => {
  const tree = { type: 'Program', body: [] } as unknown as string;
  expect(refusal(() => compileTemplate(tree, 'text')).code).toBe('TEMPLATE_SYNTAX');
});

test('a template is bounded in length, nesting, work and output', () => {
  expect(refusal(() => compileTemplate('x'.repeat(200_001), 'text')).code).toBe('TEMPLATE_TOO_LARGE');
  expect(refusal(() => compileTemplate(`${'{{#if a}}'.repeat(60)}${'{{/if}}'.repeat(60)}`, 'text')).code).toBe('TEMPLATE_TOO_LARGE');
  expect(refusal(() => compileTemplate(`{{#if a}}${'{{else if a}}'.repeat(3_000)}{{/if}}`, 'text')).code).toBe('TEMPLATE_TOO_LARGE');
  expect(refusal(() => compileTemplate(`{{eq ${'(eq '.repeat(5_000)}${')'.repeat(5_000)}}}`, 'text')).code).toBe('TEMPLATE_TOO_LARGE');
  expect(refusal(() => compileTemplate(`${'{{#if a}}{{!-- {{/if}} --}}'.repeat(60)}`, 'text')).code).toBe('TEMPLATE_TOO_LARGE');
  expect(refusal(() => compileTemplate(`${'{{#if a}}'.repeat(10_000)}${'{{/if}}'.repeat(10_000)}`, 'text')).code).toBe(
    'TEMPLATE_TOO_LARGE',
  );
  const many = { a: Array(2_000).fill('x'.repeat(100)) };
  const open = '{{#each @root.a}}';
  const loop = (inner: string): string => `${open.repeat(3)}${inner}${'{{/each}}'.repeat(3)}`;
  expect(refusal(() => compileTemplate(loop(''), 'text').render(many, english)).code).toBe('TEMPLATE_BUDGET');
  expect(refusal(() => compileTemplate(loop('{{this}}'), 'text').render(many, english)).code).toBe('TEMPLATE_BUDGET');
});

test('the root paths that a template reads are known without rendering it', () => {
  const { paths, optionalPaths } = compileTemplate(
    `{{record.name}} {{record.name}} {{#if record.owner}}{{record.owner.name}}{{/if}} {{#each record.deals as |deal|}}{{deal.id}}{{amount}}{{../record.zero}}
     {{@root.user.name}}{{@index}}{{/each}} {{#with record.owner as |o|}}{{name}}{{o.phone}}{{../user.mail}}{{/with}}
     {{default record.nick user.nick}} {{date record.due}} {{#if (eq record.stage "won")}}{{this.extra}}{{/if}}`,
    'text',
  );
  const dotted = (list: readonly (readonly string[])[]): string[] => list.map((path) => path.join('.')).sort();
  expect(dotted(paths)).toEqual(
    [
      ...['extra', 'record.deals', 'record.due', 'record.name', 'record.owner', 'record.owner.name', 'record.owner.phone'],
      ...['record.stage', 'record.zero', 'user.mail', 'user.name'],
    ].sort(),
  );
  expect(dotted(optionalPaths)).toEqual(['record.nick', 'user.nick']);
});
