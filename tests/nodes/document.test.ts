import { describe, expect, it } from 'vitest';
import { NodeBench } from '../../engine/testing.ts';
import { CellWriter } from '../../nodes/document/cell.ts';
import { pdfNode } from '../../nodes/document/pdf.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { refusal } from '../support/refusal.ts';
import { asObject, left } from './support.ts';

/** Spaces that do not break are spaces. */
const seen = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

describe('cells of a document', () => {
  const ru = new CellWriter('ru', 'Europe/Moscow');
  const en = new CellWriter('en', 'Europe/Moscow');
  it.each<[CellWriter, Json, JsonObject, string]>([
    [ru, 1234567.5, {}, '1 234 567,5'],
    [en, 1234567.5, {}, '1,234,567.5'],
    [ru, 1234.56, { format: 'integer' }, '1 235'],
    [ru, 0.255, { format: 'percent' }, '25,5 %'],
    [ru, 1500, { format: 'money', currency: 'RUB' }, '1 500 ₽'],
    [ru, 1500.5, { format: 'money', currency: 'RUB' }, '1 500,50 ₽'],
    [ru, 1500, { format: 'money', currency: null }, '1 500'],
    [ru, { amount: 20, currency: 'EUR' }, {}, '20 €'],
    [ru, { amount: 20, currency: 'EUR' }, { format: 'money', currency: 'RUB' }, '20 €'],
    [ru, '2026-03-01', { format: 'date' }, '01.03.2026'],
    [ru, '2026-02-28T21:30:00Z', { format: 'date' }, '01.03.2026'],
    [ru, '2026-02-28T21:30:00Z', { format: 'date_time' }, '01.03.2026, 00:30'],
    [en, ['a', 1], {}, 'a, 1'],
    [en, true, {}, 'true'],
    [en, null, { format: 'money' }, '–'],
    [en, '', {}, '–'],
  ])('%# %j as %j', (writer, value, style, text) => {
    expect(seen(writer.write(value, style))).toBe(text);
  });

  it.each<[Json, JsonObject]>([
    ['many', { format: 'number' }],
    [5, { format: 'date' }],
    ['soon', { format: 'date' }],
    [5, { format: 'money', currency: 'XX€' }],
  ])('%j as %j is refused', (value, style) => {
    expect(['DOCUMENT_VALUE', 'NODE_TIME']).toContain(refusal(() => en.write(value, style)).code);
  });
});

describe('document.pdf', () => {
  function file(params: JsonObject, nodes: JsonObject = {}): JsonObject {
    const b = new NodeBench({ now: '2026-03-02T06:00:00Z', timezone: 'Europe/Moscow', locale: 'ru' });
    const { result } = b.run(pdfNode, { name: 'report', title: 'T', content: [{ text: 'x' }], ...params }, { nodes });
    if (result.kind !== 'wait' || result.wait.kind !== 'effect') throw new Error('No effect was filed.');
    return result.wait.effect.payload;
  }
  const stats = {
    groups: [
      { key: 'new', title: 'New', deals: 2, amount: 1500 },
      { key: null, title: null, deals: 1, amount: 0 },
    ],
    total: { deals: 3, amount: 1500 },
  };
  const columns: JsonObject[] = [
    { title: 'Этап', field: 'title' },
    { title: 'Сделок', field: 'deals' },
    { title: 'Сумма', field: 'amount', format: 'money', currency: 'RUB' },
  ];

  it('writes everything in the language of the workflow and dates it by the step', () => {
    const content: JsonObject[] = [
      { heading: 'Всего {{nodes.stats.total.deals}}' },
      { table: { columns, rows: '= nodes.stats.groups', total: "= $merge([{'title': 'Итого'}, nodes.stats.total])" } },
      { pageBreak: true },
      { chart: { title: 'Сумма', rows: '= nodes.stats.groups', label: 'title', value: 'amount', format: 'money', currency: 'RUB' } },
    ];
    const payload = file({ name: 'Воронка {{nodes.stats.total.deals}}', subtitle: '{{date "now" "long"}}', content }, { stats });
    expect(JSON.parse(seen(JSON.stringify(payload)))).toEqual({
      name: 'Воронка 3.pdf',
      title: 'T',
      subtitle: '2 марта 2026 г.',
      madeAt: '2026-03-02T06:00:00.000Z',
      blocks: [
        { kind: 'heading', text: 'Всего 3' },
        {
          kind: 'table',
          columns: [
            { title: 'Этап', align: 'left', wide: true },
            { title: 'Сделок', align: 'right', wide: false },
            { title: 'Сумма', align: 'right', wide: false },
          ],
          rows: [
            ['New', '2', '1 500 ₽'],
            ['–', '1', '0 ₽'],
          ],
          total: ['Итого', '3', '1 500 ₽'],
        },
        { kind: 'pageBreak' },
        {
          kind: 'chart',
          title: 'Сумма',
          bars: [
            { label: 'New', value: 1500, shown: '1 500 ₽' },
            { label: '–', value: 0, shown: '0 ₽' },
          ],
        },
      ],
    });
  });

  it('takes one row for a list of one, and nothing for none', () => {
    const rows = (expression: string) =>
      asObject(Object(file({ content: [{ table: { columns, rows: expression } }] }, { stats }).blocks)[0]).rows;
    expect(rows('= nodes.stats.groups[0]')).toHaveLength(1);
    expect(rows('= nodes.stats.groups[deals > 9]')).toEqual([]);
  });

  it.each([
    ['Отчёт.PDF', 'Отчёт.pdf'],
    ['../../etc/passwd', 'etc passwd.pdf'],
    ['a\r\nb: "c"', 'a b c.pdf'],
    ['  ', 'document.pdf'],
    ['x'.repeat(300), `${'x'.repeat(150)}.pdf`],
  ])('gives the file %j a name that any system takes', (name, kept) => {
    expect(file({ name: `= ${JSON.stringify(name)}` }).name).toBe(kept);
  });

  it('is refused with more than 5,000 rows or too much text', () => {
    const many = Array.from({ length: 2_501 }, (_, i): JsonObject => ({ title: `${i}` }));
    const table = { table: { columns: [{ title: 'T', field: 'title' }], rows: '= nodes.many' } };
    expect(file({ content: [table] }, { many })).toBeTruthy();
    expect(refusal(() => file({ content: [table, table] }, { many }))).toMatchObject({ code: 'DOCUMENT_TOO_LARGE' });
    const long = Array.from({ length: 1_500 }, (): JsonObject => ({ title: 'я'.repeat(5_000) }));
    expect(refusal(() => file({ content: [table] }, { many: long }))).toMatchObject({ code: 'DOCUMENT_TOO_LARGE' });
  });

  it('names the block whose value does not fit', () => {
    const chart = { chart: { rows: [{ a: 'x', b: 'much' }], label: 'a', value: 'b' } };
    expect(refusal(() => file({ content: [{ text: 'x' }, chart] }))).toMatchObject({
      code: 'DOCUMENT_VALUE',
      place: { pointer: '/params/content/1' },
    });
  });

  it('takes one thing a block', () => {
    const problems = (block: Json) => pdfNode.checkFile({ name: 'a', title: 'a', content: [block] }).problems;
    expect(problems({ heading: 'a', text: 'b' })).not.toEqual([]);
    expect(problems({ picture: 'a' })).not.toEqual([]);
    expect(problems({ pageBreak: true })).toEqual([]);
  });

  it('goes on with the file', () => {
    const result = { file: '00000000-0000-7000-8000-00000000000a', name: 'report.pdf', size: 9_000, pages: 1 };
    expect(left(new NodeBench().resume(pdfNode, { kind: 'effect', result }))).toEqual({ port: 'next', output: result });
  });
});
