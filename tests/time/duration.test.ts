import { describe, expect, it } from 'vitest';
import { parseDuration, parseSignedDuration } from '../../engine/time/duration.ts';
import { refusal } from '../support/refusal.ts';

describe('a signed duration', () => {
  it.each([
    ['P1D', 1, 0],
    ['-P30D', -30, 0],
    ['P2W', 14, 0],
    ['-P1W2D', -9, 0],
    ['-PT2H', 0, -7_200_000],
    ['P1DT1H1M1S', 1, 3_661_000],
    ['-P1DT30M', -1, -1_800_000],
    ['PT0S', 0, 0],
    ['-PT0S', 0, 0],
    ['-P0D', 0, 0],
  ])('%s is %d days and %d ms', (text, days, ms) => {
    expect(parseSignedDuration(text)).toEqual({ days, ms });
  });

  it.each(['', '-', 'P', '-P', 'P-1D', '--P1D', '+P1D', 'P1M', 'P1Y', 'P1.5D', 'PT', ' P1D', '1D'])('%j is none', (text) => {
    expect(refusal(() => parseSignedDuration(text))).toMatchObject({ code: 'INPUT_INVALID', hint: expect.stringContaining('-P30D') });
  });
});

describe('a length of time', () => {
  it('counts 24 hours a day', () => {
    expect(parseDuration('P1W1DT1H')).toBe(8 * 86_400_000 + 3_600_000);
  });

  it('is never negative', () => {
    expect(refusal(() => parseDuration('-P1D'))).toMatchObject({ code: 'INPUT_INVALID', hint: expect.stringContaining('sign') });
  });
});
