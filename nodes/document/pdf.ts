import { Type } from 'typebox';
import { defineNode, isoOf, Template } from '../../engine/sdk.ts';
import { brief } from '../support/summary.ts';
import { blocksOf, ContentBlock } from './blocks.ts';
import { CellWriter } from './cell.ts';
import type { DocumentPayload } from './payload.ts';

const MOST_NAME = 150;

export const pdfNode = defineNode({
  type: 'document.pdf',
  version: 1,
  title: 'Make a PDF',
  description:
    'Makes a PDF out of headings, texts, tables and bar charts and keeps it as a file; letters are Latin, Greek and Cyrillic. Up to 5,000 rows, 200 pages and 10 MB.',
  params: Type.Object(
    {
      name: Template({ maxLength: 500, description: 'The name of the file; `.pdf` is added where it is missing.' }),
      title: Template({ maxLength: 500, description: 'The title on the first page.' }),
      subtitle: Type.Optional(Template({ maxLength: 500, description: 'A line below the title, such as the period of a report.' })),
      content: Type.Array(ContentBlock, { minItems: 1, maxItems: 200, description: 'The blocks of the document, in order.' }),
    },
    { additionalProperties: false },
  ),
  example: {
    name: 'pipeline-{{nodes.stats.lastDay}}',
    title: 'Pipeline of the week',
    subtitle: '{{date nodes.stats.firstDay}} – {{date nodes.stats.lastDay}}',
    content: [
      { heading: 'By stage' },
      {
        table: {
          columns: [
            { title: 'Stage', field: 'title' },
            { title: 'Deals', field: 'deals', format: 'integer' },
            { title: 'Amount', field: 'amount', format: 'money', currency: '= nodes.stats.currency.amount' },
          ],
          rows: '= nodes.stats.groups',
          total: "= $merge([{ 'title': 'Total' }, nodes.stats.total])",
        },
      },
      { chart: { rows: '= nodes.stats.groups', label: 'title', value: 'amount', format: 'money' } },
    ],
  },
  summary: (params) => brief(params.title),
  ports: ['next'],
  output: Type.Object({
    file: Type.String({ format: 'uuid', description: 'Id of the file, for `attachments` of message.send.' }),
    name: Type.String({ description: 'Its name.' }),
    size: Type.Integer({ description: 'Bytes.' }),
    pages: Type.Integer({ description: 'How many pages it has.' }),
  }),
  retry: { attempts: 3, first: 'PT10S', factor: 3, max: 'PT1M' },
  run(ctx, params) {
    const { locale, timezone } = ctx.settings;
    const payload: DocumentPayload = {
      name: fileName(params.name),
      title: params.title,
      ...(params.subtitle === undefined ? {} : { subtitle: params.subtitle }),
      madeAt: isoOf(ctx.now),
      blocks: blocksOf(params.content, new CellWriter(locale, timezone)),
    };
    return { kind: 'wait', wait: { kind: 'effect', effect: { connector: 'document', destination: 'pdf', payload } } };
  },
  resume: (_ctx, wake) => ({ kind: 'next', port: 'next', output: wake.kind === 'effect' ? wake.result : {} }),
});

/** One line that every file system takes, with the ending. */
function fileName(text: string): string {
  const plain = text.replace(/[\p{Cc}\u2028\u2029/\\:*?"<>|]+/gu, ' ').replace(/\s+/g, ' ');
  const bare = plain
    .replace(/\.pdf\s*$/i, '')
    .replace(/^[.\s]+|[.\s]+$/g, '')
    .slice(0, MOST_NAME)
    .toWellFormed();
  return `${bare === '' ? 'document' : bare}.pdf`;
}
