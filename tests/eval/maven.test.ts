/** The evaluation itself, on a made-up pipeline of the same form: it needs no data from elsewhere. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { seededRandom } from '../../engine/ports/random.ts';
import { maven } from './maven.ts';

const DAY = 86_400_000;
const OFFICES = ['Central', 'East', 'West'];
const date = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Deals that begin evenly from October 2016 to September 2017, last a month on average and are won three times of five, whatever the month. */
function pipeline(): string[] {
  const random = seededRandom(11);
  return Array.from({ length: 6_000 }, (_, i) => {
    const engaged = Date.UTC(2016, 9, 1) + Math.floor(random.next() * 364) * DAY;
    const closed = engaged + Math.ceil(-30 * Math.log(1 - random.next())) * DAY;
    const won = random.next() < 0.6;
    return [
      `D${i}`,
      `Agent ${i % 3}`,
      i % 2 ? 'GTXPro' : 'MG',
      'Firm',
      won ? 'Won' : 'Lost',
      date(engaged),
      date(closed),
      won ? (i % 2 ? 1_000 : 200) : 0,
    ].join(',');
  });
}

let dir = '';
let told: string[] = [];
const write = (name: string, lines: readonly string[]): Promise<void> =>
  writeFile(join(dir, `${name}.csv.gz`), gzipSync(`${lines.join('\n')}\n`));

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'takt-maven-'));
  told = [];
  vi.spyOn(console, 'error').mockImplementation((line: string) => void told.push(line));
  await write('maven-products', ['product,series,sales_price', 'GTX Pro,GTX,1000', 'MG,MG,200']);
  await write('maven-sales_teams', ['sales_agent,manager,regional_office', ...OFFICES.map((office, i) => `Agent ${i},Boss,${office}`)]);
  await write('maven-pipeline', [
    'opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value',
    ...pipeline(),
  ]);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(dir, { recursive: true });
});

describe('the evaluation on a pipeline', () => {
  it('comes to what such a pipeline allows, and tells each month and quarter', async () => {
    const [ratio, cover] = await maven(dir);
    expect(ratio?.name).toBe('maven_quarter_ratio');
    expect(Math.abs((ratio?.value ?? 0) - 1)).toBeLessThan(0.06);
    expect(ratio?.low).toBeLessThanOrEqual(ratio?.value ?? 0);
    expect(ratio?.high).toBeGreaterThanOrEqual(ratio?.value ?? 0);
    expect(cover?.name).toBe('maven_cover80');
    expect(cover?.value).toBeGreaterThan(0.7);
    expect(told.filter((line) => /^maven 2017-0[4-9]:/.test(line))).toHaveLength(6);
    expect(told.filter((line) => /^maven 2017-Q[23]:/.test(line))).toHaveLength(2);
  });

  it('says which deal is of a product that no list has', async () => {
    await write('maven-products', ['product,series,sales_price', 'GTX Pro,GTX,1000']);
    await expect(maven(dir)).rejects.toThrow('Deal D0 has a product or agent of no list.');
  });
});
