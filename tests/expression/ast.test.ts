import jsonata from 'jsonata';
import { expect, it } from 'vitest';
import { assertNode } from '../../engine/expression/ast.ts';

it.each([undefined, null, 'path', [], {}, { type: 1 }])('%j is no node of a syntax tree', (value) => {
  expect(() => assertNode(value)).toThrow(TypeError);
});

it('what the parser gives is one', () => {
  expect(() => assertNode(jsonata('a.b').ast())).not.toThrow();
});
