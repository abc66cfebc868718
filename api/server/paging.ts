import { DEFAULT_LIMIT } from './schemas.ts';

export const limitOf = (query: { limit?: number }): number => query.limit ?? DEFAULT_LIMIT;

export const isoOf = (ms: number): string => new Date(ms).toISOString();
export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : isoOf(ms));
