/** How well forecasts came true. */
import { TaktError } from '../errors/index.ts';

/** A forecast is good where it is from 94 to 106 % of what came. */
const GOOD = { from: 0.94, to: 1.06 };

interface Quality {
  /** Forecast / what came; of several, sum by sum. */
  readonly ratio: number;
  readonly good: boolean;
}

/**
 * @param pairs forecasts and what came of them, such as the months of a year
 * @throws TaktError FORECAST_NOTHING_CAME: a share of nothing says nothing
 */
export function qualityOf(pairs: readonly { readonly expected: number; readonly came: number }[]): Quality {
  const came = pairs.reduce((sum, pair) => sum + pair.came, 0);
  if (!(came > 0)) throw new TaktError('FORECAST_NOTHING_CAME');
  const ratio = pairs.reduce((sum, pair) => sum + pair.expected, 0) / came;
  return { ratio, good: ratio >= GOOD.from && ratio <= GOOD.to };
}
