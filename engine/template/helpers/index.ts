import { dateHelpers } from './dates.ts';
import type { Helpers } from './helper.ts';
import { logicHelpers } from './logic.ts';
import { numberHelpers } from './numbers.ts';
import { textHelpers } from './texts.ts';

/** Helpers that make a value. `if`, `unless`, `each` and `with` are blocks and live in blocks.ts. */
export const HELPERS: Helpers = Object.assign(
  Object.create(null) as Record<string, never>,
  logicHelpers,
  dateHelpers,
  numberHelpers,
  textHelpers,
);
