import { expect, test } from 'vitest';
import { drill } from './drill.ts';

test('processes that are killed under load lose nothing, do nothing twice and leave nothing behind', async () => {
  const { findings, ...result } = await drill({ kills: 6, seed: 11, say: () => {} });
  expect(findings).toEqual([]);
  expect(result).toMatchObject({ kills: 6, lost: 0, doubled_inside: 0, outside_without_key: 0, stuck: 0 });
  expect(result.events).toBeGreaterThan(0);
}, 240_000);
