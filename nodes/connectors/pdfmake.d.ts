/**
 * What of pdfmake 0.3 is used here. Its own types (@types/pdfmake) bring the types of browsers along, which take the place of
 * Node's in the whole program.
 */
declare module 'pdfmake' {
  export type Margin = [left: number, top: number, right: number, bottom: number];

  interface Style {
    fontSize?: number;
    lineHeight?: number;
    bold?: boolean;
    color?: string;
    alignment?: 'left' | 'center' | 'right';
    margin?: Margin;
  }

  interface Rectangle {
    type: 'rect';
    x: number;
    y: number;
    w: number;
    h: number;
    color: string;
  }

  interface Table {
    headerRows?: number;
    dontBreakRows?: boolean;
    keepWithHeaderRows?: number;
    widths: (number | '*' | 'auto')[];
    body: TableCell[][];
  }

  /** Lines are counted from the one before the first row or column. */
  export interface TableLayout {
    hLineWidth(line: number, content: { table: Table }): number;
    hLineColor?(line: number): string;
    vLineWidth(line: number): number;
    vLineColor?(line: number): string;
    paddingLeft(column: number): number;
    paddingRight(column: number, content: { table: Table }): number;
    paddingTop(row: number): number;
    paddingBottom(row: number): number;
  }

  type Block = Style & { pageBreak?: 'before' | 'after'; width?: number | '*'; noWrap?: boolean } & (
      | { text: string }
      | { canvas: Rectangle[] }
      | { columns: Block[] }
      | { stack: Content[]; unbreakable: boolean }
      | { table: Table; layout: TableLayout }
    );
  export type Content = Block | Content[];
  export type TableCell = Block & { fillColor?: string; colSpan?: number };

  export interface DocumentDefinition {
    pageSize: 'A4';
    pageMargins: Margin;
    info: { title: string; creator: string; producer: string; creationDate: Date };
    defaultStyle: Style & { font: string };
    content: Content;
    /** Called for each page when all are laid out and before any is drawn. */
    footer(page: number, pages: number): Content;
  }

  interface PdfMake {
    setFonts(fonts: Record<string, { normal: string; bold: string }>): void;
    setUrlAccessPolicy(allows: (url: string) => boolean): void;
    setLocalAccessPolicy(allows: (path: string) => boolean): void;
    createPdf(definition: DocumentDefinition): { getBuffer(): Promise<Uint8Array> };
  }
  const pdfmake: PdfMake;
  export default pdfmake;
}
