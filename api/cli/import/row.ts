import type { TaktError } from '../../../engine/errors/index.ts';
import type { JsonObject } from '../../../schemas/json.ts';

/** A longer row is a missing quotation mark or a missing bracket, not a row. Characters. */
export const MAX_ROW = 1_000_000;

/** One row, or the beginning of one that cannot be read. `line` is where it begins, from 1. */
export type Row = { line: number; data: JsonObject } | { line: number; data: string; error: TaktError };

/** Of a row that cannot be read, this much is kept. Characters. */
export const KEPT_OF_BROKEN = 10_000;
