import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { builtInNodes } from '../../nodes/index.ts';
import { nodesPage, rowsOf, typeOf } from '../../scripts/docs-nodes.ts';

it('docs/nodes.md is what the nodes say; if not, run: npx node scripts/docs-nodes.ts', async () => {
  expect(await readFile(new URL('../../docs/nodes.md', import.meta.url), 'utf8')).toBe(nodesPage(builtInNodes));
});

it('names nested parameters by their path', () => {
  const schema = {
    required: ['list'],
    properties: {
      list: { type: 'array', items: { properties: { port: { enum: ['a', 'b'] } } } },
      due: { anyOf: [{ properties: { in: {} } }] },
    },
  };
  expect(rowsOf(schema).map(({ name, required }) => [name, required])).toEqual([
    ['list', true],
    ['list[].port', false],
    ['due', false],
    ['due.in', false],
  ]);
});

it('says a type in a few words', () => {
  expect(typeOf({ anyOf: [{ type: 'string', format: 'uuid' }, { type: 'null' }] })).toBe('text (uuid) or null');
  expect(typeOf({ type: 'array', items: { enum: ['a', 1] } })).toBe('list of `a`, `1`');
  expect(typeOf({})).toBe('anything');
});
