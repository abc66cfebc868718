import { extractText, getDocumentProxy } from 'unpdf';
import { describe, expect, it } from 'vitest';
import type { NewFile } from '../../../engine/sdk.ts';
import { documentConnector } from '../../../nodes/index.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import { rejection } from '../../support/refusal.ts';
import { delivery } from './support.ts';

function connector() {
  const files: NewFile[] = [];
  return {
    files,
    ...documentConnector({
      async storeFile(file) {
        files.push(file);
        return { id: `file-${files.length}` };
      },
    }),
  };
}

const report: JsonObject = {
  name: 'Воронка.pdf',
  title: 'Воронка продаж за неделю',
  subtitle: '23.02.2026 – 01.03.2026',
  madeAt: '2026-03-02T06:00:00.000Z',
  blocks: [
    { kind: 'heading', text: 'По этапам' },
    {
      kind: 'table',
      columns: [
        { title: 'Этап', align: 'left', wide: true },
        { title: 'Сумма', align: 'right', wide: false },
      ],
      rows: [
        ['Переговоры', '8 120 000 ₽'],
        ['Ещё не разобраны <b>&amp;</b>', '–'],
      ],
      total: ['Итого', '8 120 000 ₽'],
    },
    { kind: 'chart', title: 'Сумма по этапам', bars: [{ label: 'Переговоры', value: 8_120_000, shown: '8 120 000 ₽' }] },
  ],
};

async function read(bytes: Uint8Array | undefined): Promise<{ pages: string[]; info: object }> {
  const pdf = await getDocumentProxy(Uint8Array.from(bytes ?? []));
  const { text } = await extractText(pdf);
  const { info } = await pdf.getMetadata();
  return { pages: text.map((page) => page.replace(/\s+/g, ' ')), info };
}

/** A table that fills some pages. */
const rowsOf = (count: number): JsonObject => ({
  kind: 'table',
  columns: [{ title: 'Строка', align: 'left', wide: true }],
  rows: Array.from({ length: count }, (_, i) => [`Строка ${i + 1}`]),
});

describe('the document connector', () => {
  it('makes a PDF whose Cyrillic text can be read, with title, table, total and chart, escaping nothing', async () => {
    const { send, files } = connector();
    const result = await send(report, delivery({ recordId: 'record-1' }));
    expect(files).toMatchObject([
      { effectKey: 'run-1:send:1', name: 'Воронка.pdf', mime: 'application/pdf', runId: 'run-1', recordId: 'record-1' },
    ]);
    expect(result).toEqual({ file: 'file-1', name: 'Воронка.pdf', size: files[0]?.bytes.byteLength, pages: 1 });
    const { pages, info } = await read(files[0]?.bytes);
    expect(pages).toHaveLength(1);
    for (const text of [
      'Воронка продаж за неделю',
      '23.02.2026 – 01.03.2026',
      'По этапам',
      'Ещё не разобраны <b>&amp;</b>',
      'Итого',
      '8 120 000 ₽',
      '1 / 1',
    ])
      expect(pages[0]).toContain(text);
    expect(info).toMatchObject({ Title: 'Воронка продаж за неделю', Producer: 'Takt', CreationDate: 'D:20260302060000Z' });
  });

  it('makes equal bytes of an equal document, so that a second attempt stores the same', async () => {
    const { send, files } = connector();
    for (const attempt of [1, 2]) await send(report, delivery({ attempt }));
    expect(Buffer.compare(files[0]?.bytes ?? new Uint8Array(), files[1]?.bytes ?? new Uint8Array())).toBe(0);
  });

  it('breaks a long table over pages, with its heading and titles on each', async () => {
    const { send, files } = connector();
    const result = await send({ ...report, blocks: [{ kind: 'heading', text: 'Все сделки' }, rowsOf(120)] }, delivery());
    const { pages } = await read(files[0]?.bytes);
    expect(result.pages).toBe(pages.length);
    expect(pages.length).toBeGreaterThan(2);
    for (const [i, page] of pages.entries()) {
      expect(page).toContain('Все сделки Строка ');
      expect(page).toContain(`${i + 1} / ${pages.length}`);
    }
    expect(pages.at(-1)).toContain('Строка 120');
  });

  it('begins a new page where the document says so', async () => {
    const { send, files } = connector();
    const blocks: JsonObject[] = [{ kind: 'text', text: 'Один' }, { kind: 'pageBreak' }, { kind: 'text', text: 'Два' }];
    await send({ ...report, blocks }, delivery());
    const { pages } = await read(files[0]?.bytes);
    expect(pages.map((page) => [page.includes('Один'), page.includes('Два')])).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it('stores nothing of a document with more than 200 pages', async () => {
    const { send, files } = connector();
    const blocks = Array.from({ length: 201 }, (): JsonObject[] => [{ kind: 'text', text: 'Страница' }, { kind: 'pageBreak' }]).flat();
    expect(await rejection(send({ ...report, blocks }, delivery()))).toMatchObject({ code: 'DOCUMENT_TOO_LARGE', transient: false });
    expect(files).toEqual([]);
  });

  it('a store that does not answer is worth another attempt', async () => {
    const { send } = documentConnector({ storeFile: () => Promise.reject(new Error('The connection broke.')) });
    expect(await rejection(send(report, delivery()))).toMatchObject({ code: 'DATABASE_UNAVAILABLE', transient: true });
  });

  it.each([
    ['no bars', []],
    ['bars of nothing', [{ label: 'a', value: 0, shown: '0' }]],
    ['a loss', [{ label: 'a', value: -5, shown: '−5' }]],
  ])('draws a chart of %s', async (_name, bars) => {
    const { send, files } = connector();
    await send({ ...report, blocks: [{ kind: 'chart', bars }] }, delivery());
    expect((await read(files[0]?.bytes)).pages[0]).toContain(bars[0]?.shown ?? '–');
  });
});
