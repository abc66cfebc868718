/** How a document looks: blocks as the definitions of pdfmake. Lengths are in points, 72 an inch. */
import type { Content, DocumentDefinition, Margin, TableCell, TableLayout } from 'pdfmake';
import type { Block, BlockOf, DocumentPayload } from '../document/payload.ts';

const MARGIN = 48;
/** What is between the margins of a portrait A4 page, 595.28 wide. */
const WIDTH = 499;
const INK = '#1f2937';
const GREY = '#6b7280';
const LINE = '#d1d5db';
const ACCENT = '#2563eb';
const LOSS = '#dc2626';
const HEADING_SPACE: Margin = [0, 10, 0, 6];
const SPACE_BELOW: Margin = [0, 0, 0, 8];
const SHADE = '#f3f4f6';

const PADDING = 4;
const LABEL_WIDTH = 145;
const SHOWN_WIDTH = 95;
/** The longest bar: what the other two columns, the padding and the line leave. */
const BAR_WIDTH = WIDTH - LABEL_WIDTH - SHOWN_WIDTH - 5 * PADDING - 1;
const BAR_HEIGHT = 11;

/**
 * @param onPages told the number of pages as soon as it is known, before they are drawn; what it throws ends the work
 */
export function layout(payload: DocumentPayload, onPages: (pages: number) => void): DocumentDefinition {
  const { title, subtitle, madeAt, blocks } = payload;
  return {
    pageSize: 'A4',
    pageMargins: [MARGIN, MARGIN, MARGIN, 56],
    info: { title, creationDate: new Date(madeAt), creator: 'Takt', producer: 'Takt' },
    defaultStyle: { font: 'Roboto', fontSize: 10, lineHeight: 1.15, color: INK },
    content: [
      { text: title, fontSize: 20, bold: true, lineHeight: 1.05 },
      ...below(subtitle),
      { canvas: [{ type: 'rect', x: 0, y: 0, w: 48, h: 3, color: ACCENT }], margin: [0, 10, 0, 14] },
      ...blocks.flatMap((block, i) => contentOf(block, blocks[i - 1], blocks[i + 1])),
    ],
    footer(page, pages) {
      onPages(pages);
      return {
        margin: [MARGIN, 20, MARGIN, 0],
        fontSize: 8,
        color: GREY,
        columns: [
          { text: title, width: '*', noWrap: true },
          { text: `${page} / ${pages}`, width: 60, alignment: 'right' },
        ],
      };
    },
  };
}

const below = (subtitle: string | undefined): Content[] =>
  subtitle === undefined ? [] : [{ text: subtitle, fontSize: 11, color: GREY, margin: [0, 4, 0, 0] }];

/** Taller ones may be broken over pages, whatever stands before them. */
const MOST_BARS_TOGETHER = 25;
const MOST_LETTERS_TOGETHER = 1_500;

/** A heading belongs to what follows it: it stands neither alone at the foot of a page nor away from its table. */
function contentOf(block: Block, before: Block | undefined, after: Block | undefined): Content[] {
  if (block.kind === 'heading')
    return after === undefined || after.kind === 'heading' || after.kind === 'pageBreak' ? [headingOf(block)] : [];
  if (block.kind === 'pageBreak') return [{ text: '', pageBreak: 'after' }];
  const heading = before?.kind === 'heading' ? before : undefined;
  if (block.kind === 'table') return [tableOf(block, heading)];
  const own = block.kind === 'text' ? [{ text: block.text, margin: SPACE_BELOW }] : chartOf(block);
  const unbreakable = block.kind === 'text' ? block.text.length <= MOST_LETTERS_TOGETHER : block.bars.length <= MOST_BARS_TOGETHER;
  return [{ stack: heading ? [headingOf(heading), ...own] : own, unbreakable }];
}

const headingOf = ({ text }: BlockOf<'heading'>) => ({ text, fontSize: 13, bold: true, margin: HEADING_SPACE });

function tableOf({ columns, rows, total }: BlockOf<'table'>, heading: BlockOf<'heading'> | undefined): Content {
  const line = (cells: readonly string[], style: object): TableCell[] =>
    columns.map(({ align }, i) => ({ text: cells[i] ?? '', alignment: align, ...style }));
  // Over all columns, and in line with the headings outside of tables. The cells that it covers must be there.
  const title =
    heading &&
    columns.map(
      (_column, i): TableCell => (i === 0 ? { ...headingOf(heading), margin: [-PADDING, 0, 0, 0], colSpan: columns.length } : { text: '' }),
    );
  const top = heading ? 1 : 0;
  return {
    margin: [0, heading ? 6 : 0, 0, 14],
    layout: tableLayout(top, total !== undefined),
    table: {
      headerRows: top + 1,
      dontBreakRows: true,
      keepWithHeaderRows: 1,
      widths: columns.map(({ wide }) => (wide ? '*' : 'auto')),
      body: [
        ...(title ? [title] : []),
        line(
          columns.map((column) => column.title),
          { bold: true, color: GREY, fontSize: 9 },
        ),
        ...rows.map((cells) => line(cells, {})),
        ...(total ? [line(total, { bold: true, fillColor: SHADE })] : []),
      ],
    },
  };
}

/** Only lines between rows, the strong ones under the titles and over the total. @param top rows above the titles */
function tableLayout(top: number, hasTotal: boolean): TableLayout {
  return {
    hLineWidth: (line, { table }) => (line <= top ? 0 : line === top + 1 || (hasTotal && line === table.body.length - 1) ? 1 : 0.5),
    hLineColor: (line) => (line === top + 1 ? GREY : LINE),
    vLineWidth: () => 0,
    paddingLeft: (column) => (column === 0 ? PADDING : 2 * PADDING),
    paddingRight: (column, { table }) => (column === table.widths.length - 1 ? PADDING : 2 * PADDING),
    paddingTop: () => 5,
    paddingBottom: () => 4,
  };
}

/** Lying bars from one line; what is below zero is of another colour. Their lengths compare with the longest. */
function chartOf({ title, bars }: BlockOf<'chart'>): Content[] {
  const longest = Math.max(...bars.map(({ value }) => Math.abs(value)), 0);
  const heading: Content[] = title === undefined ? [] : [{ text: title, bold: true, color: GREY, fontSize: 9, margin: [4, 4, 0, 6] }];
  if (bars.length === 0) return [...heading, { text: '–', color: GREY, margin: [4, 0, 0, 12] }];
  const body = bars.map(({ label, value, shown }): TableCell[] => {
    const length = longest === 0 ? 0 : (Math.abs(value) / longest) * BAR_WIDTH;
    const color = value < 0 ? LOSS : ACCENT;
    return [
      { text: label },
      { canvas: [{ type: 'rect', x: 0, y: 1, w: Math.max(length, 0.5), h: BAR_HEIGHT, color }] },
      { text: shown, alignment: 'right' },
    ];
  });
  return [
    ...heading,
    {
      margin: SPACE_BELOW,
      layout: {
        hLineWidth: () => 0,
        vLineWidth: (line) => (line === 1 ? 1 : 0),
        vLineColor: () => LINE,
        paddingLeft: (column) => (column === 1 ? 0 : PADDING),
        paddingRight: () => PADDING,
        paddingTop: () => 3,
        paddingBottom: () => 3,
      },
      table: { dontBreakRows: true, widths: [LABEL_WIDTH, BAR_WIDTH, SHOWN_WIDTH], body },
    },
  ];
}
