import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compose } from '../../engine/text/compose.ts';

test('a letter and its accents become one character, as in NFC', () => {
  expect(compose('и\u0306 e\u0301')).toBe('й é');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(compose(text)).toBe(text.normalize('NFC'));
    }),
  );
});

test('a pile of marks that no script has stays as it is, since ordering it would block the process', () => {
  const pile = `e${'\u0323\u0301'.repeat(15)}`;
  expect(compose(pile)).toBe(pile.normalize('NFC'));
  const high = `e${'\u0315\u0300\u05ae\u0323'.repeat(100_000)}`;
  expect(compose(high)).toBe(high);
});
