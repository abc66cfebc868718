/** A document as the node files it: everything is text by now, in the language and zone of the workflow. */
import { type Static, Type } from 'typebox';

const Align = Type.Union([Type.Literal('left'), Type.Literal('center'), Type.Literal('right')]);
const Cells = Type.Array(Type.String());

const Block = Type.Union([
  Type.Object({ kind: Type.Literal('heading'), text: Type.String() }),
  Type.Object({ kind: Type.Literal('text'), text: Type.String() }),
  Type.Object({
    kind: Type.Literal('table'),
    columns: Type.Array(Type.Object({ title: Type.String(), align: Align, wide: Type.Boolean() }), { minItems: 1 }),
    rows: Type.Array(Cells),
    /** A last row that is set off. */
    total: Type.Optional(Cells),
  }),
  Type.Object({
    kind: Type.Literal('chart'),
    title: Type.Optional(Type.String()),
    bars: Type.Array(Type.Object({ label: Type.String(), value: Type.Number(), shown: Type.String() })),
  }),
  Type.Object({ kind: Type.Literal('pageBreak') }),
]);
export type Block = Static<typeof Block>;
export type BlockOf<K extends Block['kind']> = Extract<Block, { kind: K }>;

export const DocumentPayload = Type.Object({
  /** Name of the file. */
  name: Type.String(),
  title: Type.String(),
  subtitle: Type.Optional(Type.String()),
  /** ISO instant: the document's date of creation, so that every attempt makes the same bytes. */
  madeAt: Type.String({ format: 'date-time' }),
  blocks: Type.Array(Block),
});
export type DocumentPayload = Static<typeof DocumentPayload>;
