import { describe, expect, it } from 'vitest';
import { columnsStability, driftOf, numbersStability, stabilityOf, watchCalibration } from '../../engine/learning/drift.ts';
import { type Frame, frameOf } from '../../engine/learning/frame.ts';
import { seededRandom } from '../../engine/ports/random.ts';

const specs = [
  { name: 'city', kind: 'level' },
  { name: 'visits', kind: 'number' },
] as const;

interface Lead {
  city: string | null;
  visits: number | null;
}

const frame = (leads: readonly Lead[]): Frame => frameOf(leads, specs, (lead, name) => (name === 'city' ? lead.city : lead.visits));

function leads(count: number, seed: number, { riga = 0.5, more = 0 } = {}): Lead[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => ({ city: random.next() < riga ? 'Riga' : 'Oslo', visits: more + 10 * random.next() }));
}

describe('the stability of a population', () => {
  it('is Σ (now − before) · ln(now / before)', () => {
    // 0.2 · ln(0.7/0.5) − 0.2 · ln(0.3/0.5) = 0.16946
    expect(stabilityOf([50_000, 50_000], [70_000, 30_000]).index).toBeCloseTo(0.16946, 4);
  });

  it('has moved from 0.1 on and shifted from 0.25 on', () => {
    const verdicts = [0.5, 0.6, 0.7, 0.8].map((share) => stabilityOf([5_000, 5_000], [10_000 * share, 10_000 * (1 - share)]).verdict);
    expect(verdicts).toEqual(['stable', 'stable', 'moved', 'shifted']);
  });

  it('is not lost by chance: few rows of the same population stay stable', () => {
    const before = Float64Array.from(leads(5_000, 1), ({ visits }) => visits ?? 0);
    const verdicts = Array.from({ length: 200 }, (_, i) =>
      numbersStability(
        before,
        Float64Array.from(leads(25, i + 2), ({ visits }) => visits ?? 0),
      ),
    );
    expect(verdicts.filter(({ index }) => index > 0.25).length).toBeGreaterThan(10);
    expect(verdicts.filter(({ verdict }) => verdict !== 'stable').length).toBeLessThan(4);
  });

  it('counts what has become unknown, levels that are new, and columns that are gone', () => {
    const before = frame(leads(2_000, 1));
    const verdicts = (now: Frame) => Object.fromEntries(columnsStability(before, now).map(({ column, verdict }) => [column, verdict]));
    expect(verdicts(frame(leads(2_000, 2)))).toEqual({ city: 'stable', visits: 'stable' });
    expect(verdicts(frame(leads(2_000, 2).map((lead) => ({ ...lead, visits: null }))))).toEqual({ city: 'stable', visits: 'shifted' });
    expect(verdicts(frame(leads(2_000, 2).map((lead) => ({ ...lead, city: 'Bergen' }))))).toEqual({ city: 'shifted', visits: 'stable' });
    expect(verdicts({ size: 2_000, columns: [] })).toEqual({ city: 'shifted', visits: 'shifted' });
  });

  it('takes levels by their names, not by their order', () => {
    const some = leads(1_000, 1);
    expect(columnsStability(frame(some), frame([...some].reverse())).map(({ index }) => index)).toEqual([0, 0]);
  });

  it('says nothing where there is nothing to compare', () => {
    expect(numbersStability(new Float64Array(), Float64Array.of(1, 2)).verdict).toBe('stable');
    expect(numbersStability(Float64Array.of(1, 2), new Float64Array()).verdict).toBe('stable');
  });
});

describe('the watch over calibration', () => {
  /** The row at which it rings when so many times the odds come true; undefined where it does not within the rows. */
  function ringsAt(odds: number, rows: number, seed: number): { at: number; alarm: string } | undefined {
    const random = seededRandom(seed);
    const watch = watchCalibration();
    for (let at = 0; at < rows; at++) {
      const said = 0.05 + 0.3 * random.next();
      const came = (odds * said) / (1 - said + odds * said);
      const alarm = watch.observe(said, Number(random.next() < came));
      if (alarm !== undefined) return { at, alarm };
    }
    return undefined;
  }

  it('is silent over a model that is right', () => {
    expect(Array.from({ length: 20 }, (_, seed) => ringsAt(1, 2_000, seed)).filter((rang) => rang !== undefined)).toEqual([]);
  });

  it('rings within some hundred rows where the odds have doubled or halved, and says in which direction', () => {
    for (let seed = 0; seed < 10; seed++) {
      const [more, less] = [ringsAt(2, 2_000, seed), ringsAt(0.5, 2_000, seed)];
      expect(more).toMatchObject({ alarm: 'under' });
      expect(less).toMatchObject({ alarm: 'over' });
      expect(more?.at).toBeLessThan(1_000);
      expect(less?.at).toBeLessThan(1_500);
    }
  });

  it('goes on ringing until it is reset', () => {
    const watch = watchCalibration();
    for (let i = 0; i < 100; i++) watch.observe(0.1, 1);
    expect(watch.observe(0.1, 0)).toBe('under');
    watch.reset();
    expect(watch.observe(0.1, 0)).toBeUndefined();
  });
});

describe('the drift of a model', () => {
  const scoreOf = ({ city, visits }: Lead): number => (city === 'Riga' ? 0.1 : 0.3) + 0.02 * (visits ?? 0);
  const scored = (some: readonly Lead[]) => ({ frame: frame(some), scores: Float64Array.from(some, scoreOf) });
  const came = (some: readonly Lead[], seed: number, times = 1): Uint8Array => {
    const random = seededRandom(seed);
    return Uint8Array.from(some, (lead) => Number(random.next() < times * scoreOf(lead)));
  };
  const before = scored(leads(4_000, 1));

  it('rings for nobody where all is as it was', () => {
    const now = leads(1_500, 2);
    expect(driftOf(before, scored(now), came(now, 3))).toMatchObject({ alarm: false, calibration: undefined, columns: [] });
  });

  it('rings where less comes than was said, though the clients are the same', () => {
    const now = leads(1_500, 2);
    expect(driftOf(before, scored(now), came(now, 3, 0.5))).toMatchObject({ alarm: true, calibration: 'over', columns: [] });
  });

  it('rings where other clients come, before any outcome is known, and names what has shifted', () => {
    const drift = driftOf(before, scored(leads(1_500, 2, { riga: 0.05 })), []);
    expect(drift).toMatchObject({ alarm: true, calibration: undefined, scores: { verdict: 'shifted' } });
    expect(drift.columns.map(({ column }) => column)).toEqual(['city']);
  });
});
