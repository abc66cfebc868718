import type { Tables } from '../tables.ts';

export function hint(tables: Tables, channel: string): void {
  tables.hints.add(channel);
}
