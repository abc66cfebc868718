import fc from 'fast-check';
import { expect, test } from 'vitest';
import { faultPosition } from '../../engine/schema/json-fault.ts';

test.each([
  ['{"a": tru}', 9],
  ['hello', 0],
  ['[1,]', 3],
  ['{"a": 1}}', 8],
  ['[1, 2', 5],
  ['', 0],
  ['{"a": "b\n"}', 8],
  ["{'a': 1}", 1],
  ['[01]', 2],
])('the fault of %j is at %i', (text, position) => {
  expect(faultPosition(text)).toBe(position);
});

test('a stray character after any JSON is found where it stands', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(faultPosition(`[${text}}`)).toBe(text.length + 1);
    }),
  );
});

test('in a very long text the fault is not looked for', () => {
  expect(faultPosition(`[${' '.repeat(100_000)}}`)).toBeUndefined();
});
