/** A model that was learned from a CSV, as a file: with its map, so that it knows what to look at. */
import { type Static, Type } from 'typebox';
import { TaktError } from '../../../engine/errors/index.ts';
import type { Model } from '../../../engine/learning/index.ts';
import { checker } from '../../../engine/schema/checker.ts';
import { checkJsonShape, parseJson } from '../../../engine/schema/json.ts';
import { EvaluationMap } from './map.ts';

const Numbers = Type.Array(Type.Number());
const closed = { additionalProperties: false };
const Quality = Type.Object(
  { rows: Type.Number(), successes: Type.Number(), auc: Type.Number(), logLoss: Type.Number(), ece: Type.Number() },
  closed,
);
const Kind = Type.Enum(['regression', 'trees']);
const Tree = Type.Object({ column: Numbers, upTo: Numbers, left: Numbers, right: Numbers, value: Numbers, cover: Numbers }, closed);

const ModelForm = Type.Object(
  {
    format: Type.Literal(1),
    learned: Type.Object(
      {
        regression: Type.Object({ intercept: Type.Number(), weights: Type.Array(Numbers) }, closed),
        forest: Type.Optional(Type.Object({ ranks: Type.Array(Numbers), trees: Type.Array(Tree) }, closed)),
      },
      closed,
    ),
    bins: Type.Array(
      Type.Union([
        Type.Object({ kind: Type.Literal('number'), name: Type.String(), cuts: Numbers }, closed),
        Type.Object({ kind: Type.Literal('level'), name: Type.String(), levels: Type.Array(Type.String()) }, closed),
      ]),
    ),
    calibration: Type.Object({ slope: Type.Number(), shift: Type.Number() }, closed),
    means: Numbers,
    importance: Numbers,
    leftOut: Type.Array(
      Type.Object(
        {
          column: Type.String(),
          why: Type.Enum(['leak', 'same', 'constant']),
          as: Type.Optional(Type.String()),
          auc: Type.Optional(Type.Number()),
        },
        closed,
      ),
    ),
    quality: Quality,
    rival: Type.Optional(Type.Object({ kind: Kind, quality: Quality }, closed)),
  },
  closed,
);

const ModelFile = Type.Object(
  {
    takt_model: Type.Literal(1),
    map: EvaluationMap,
    /** Column with money → the currency in which it was learned. */
    currencies: Type.Record(Type.String(), Type.String()),
    model: ModelForm,
  },
  closed,
);

export interface LearnedFile {
  readonly map: EvaluationMap;
  readonly currencies: Readonly<Record<string, string>>;
  readonly model: Model;
}

const fits = checker<Static<typeof ModelFile>>(() => ModelFile);

export const writeModelFile = ({ map, currencies, model }: LearnedFile): string =>
  `${JSON.stringify({ takt_model: 1, map, currencies, model })}\n`;

/** Throws TaktError EVAL_MODEL_INVALID where it is no such file, or its parts do not belong together. */
export function readModelFile(text: string): LearnedFile {
  const value = checkJsonShape(parseJson(text, 'EVAL_MODEL_INVALID'), 32);
  if (!fits(value)) {
    const [first] = fits.problems();
    throw new TaktError('EVAL_MODEL_INVALID', {
      message: first?.message ?? 'It has another form.',
      ...(first?.pointer ? { pointer: first.pointer } : {}),
    });
  }
  const { map, currencies, model } = value;
  if (!together(model)) throw new TaktError('EVAL_MODEL_INVALID', { message: 'Its parts do not belong together.' });
  return { map, currencies, model };
}

/** As many weights as bins, and trees that lead down, never round. */
function together({ learned: { regression, forest }, bins, means, importance }: Model): boolean {
  const columns = bins.length;
  const trees = forest?.trees ?? [];
  return (
    [regression.weights, means, importance, ...(forest ? [forest.ranks] : [])].every((list) => list.length === columns) &&
    trees.every(({ column, upTo, left, right, value, cover }) => {
      const size = column.length;
      const down = (next: number | undefined, node: number): boolean =>
        next !== undefined && Number.isInteger(next) && next > node && next < size;
      return (
        size > 0 &&
        [upTo, left, right, value, cover].every((list) => list.length === size) &&
        column.every((c, node) => c < 0 || (Number.isInteger(c) && c < columns && down(left[node], node) && down(right[node], node)))
      );
    })
  );
}
