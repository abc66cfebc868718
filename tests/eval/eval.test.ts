import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leads } from '../../examples/leads/main.ts';
import { type Folder, temporary } from '../cli/support.ts';
import { dataFile } from './data.ts';
import { atLeast, atMost, between, figure } from './figure.ts';
import { evaluations } from './index.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const evaluate = (...options: string[]) => run(process.execPath, ['scripts/eval.ts', ...options], { cwd: ROOT });
const names = evaluations.flatMap((evaluation) => evaluation.names);
const page = () => readFile(new URL('../../docs/evaluation.md', import.meta.url), 'utf8');

let folder: Folder;
beforeEach(async () => {
  folder = await temporary();
});
afterEach(() => folder.remove());

describe('the evaluation of known data sets', () => {
  it('has no two figures of one name, and explains each in docs/evaluation.md', async () => {
    expect(new Set(names).size).toBe(names.length);
    const text = await page();
    expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  it('gives one JSON object with the figures that were asked for', async () => {
    const lines = Array.from(
      { length: 400 },
      (_, i) => `${i % 3 === 0 ? 'Won' : 'Loss'},${i % 3 === 0 && i % 2 === 0 ? 'Reseller' : 'Other'}`,
    );
    const rest = ['Supplies Group', 'Supplies Subgroup', 'Region', 'Client Size By Revenue (USD)', 'Client Size By Employee Count'];
    const never = ['Elapsed Days In Sales Stage', 'Sales Stage Change Count', 'Opportunity Amount USD', 'Deal Size Category (USD)'];
    const days = ['Total Days Identified Through Closing', 'Total Days Identified Through Qualified'];
    const ratios = ['Identified', 'Validated', 'Qualified'].map((stage) => `Ratio Days ${stage} To Total Days`);
    const others = [...rest, 'Revenue From Client Past Two Years (USD)', 'Competitor Type', ...never, ...days, ...ratios];
    const csv = [`Opportunity Result,Route To Market,${others.join(',')}`, ...lines.map((line) => line + ','.repeat(others.length))];
    await folder.write('opportunities-win-loss.csv', csv.join('\n'));
    const { stdout } = await evaluate('--data', folder.path, '--only', 'winloss_auc', '--json');
    // A third wins, half of them by a reseller, nobody else: (1/2) + (1/2)(1/2)
    expect(JSON.parse(stdout)).toEqual({
      figures: [{ name: 'winloss_auc', value: expect.closeTo(0.75, 1), aim: '≥ 0.735', met: expect.any(Boolean) }],
    });
  }, 60_000);

  it('says which file is missing, and in which folder', async () => {
    await expect(evaluate('--data', folder.path, '--only', 'winloss_auc')).rejects.toMatchObject({
      code: 1,
      stdout: 'Nothing was measured.\n',
      stderr: expect.stringContaining(`${folder.path} has neither opportunities-win-loss.csv.gz nor opportunities-win-loss.csv.`),
    });
  }, 60_000);

  it('tells which figures there are where it is asked for another', async () => {
    await expect(evaluate('--only', 'nothing')).rejects.toMatchObject({
      stderr: expect.stringContaining(`There is no such figure. Figures: ${names.join(', ')}.`),
    });
  }, 60_000);

  it('takes a file packed or not', async () => {
    const plain = await folder.write('a.csv', 'x');
    expect(await dataFile(folder.path, 'a.csv')).toBe(plain);
    const packed = await folder.write('a.csv.gz', 'x');
    expect(await dataFile(folder.path, 'a.csv')).toBe(packed);
  });
});

describe('a figure', () => {
  it('is met or not by what was measured, not by what is told of it', () => {
    expect(figure('a', 0.87496, atLeast(0.875))).toEqual({ name: 'a', value: 0.875, aim: '≥ 0.875', met: false });
    expect(figure('a', 0.02, atMost(0.02)).met).toBe(true);
    expect([0.93, 0.94, 1.06, 1.07].map((value) => figure('a', value, between(0.94, 1.06)).met)).toEqual([false, true, true, false]);
  });

  it('that cannot be counted is not met; one without an aim is neither', () => {
    expect(figure('a', Number.NaN, atMost(1))).toEqual({ name: 'a', value: null, aim: '≤ 1', met: false });
    expect(figure('a', 3)).toEqual({ name: 'a', value: 3, aim: null, met: null });
  });
});

describe('the evaluation of a CSV', () => {
  const shown = async (...changes: readonly (readonly [string, string])[]): Promise<string> => {
    const map = await readFile(new URL('../../examples/leads/map.json', import.meta.url), 'utf8');
    const changed = changes.reduce((text, [from, to]) => text.replace(from, to), map);
    return folder.write('map.json', changed);
  };
  const csv = () => folder.write('leads.csv', leads().join('\n'));

  it('tells what docs/evaluation.md shows, where the truth is known', async () => {
    const { stdout } = await evaluate('--file', await csv(), '--map', await shown());
    const [, told = 'nothing'] = /What comes:\n\n```text\n([\s\S]*?)```/.exec(await page()) ?? [];
    const figures = (text: string): number[] => [...text.matchAll(/[\d.,]*\d/g)].map(([digits]) => Number(digits.replaceAll(',', '')));
    const words = (text: string): string => text.replaceAll(/[\d.,]*\d/g, 'n');
    const begin = stdout.slice(0, stdout.indexOf('brier'));
    expect(words(begin)).toBe(words(told));
    // A better model may change the last digits.
    expect(figures(begin)).toEqual(figures(told).map((value) => expect.closeTo(value, 1)));
    expect(stdout).toMatch(/Source .*Reference \+1\.\d+.*Chat −0\.\d+/);
  }, 60_000);

  it('gives all of it as one JSON object', async () => {
    const { stdout } = await evaluate('--file', await csv(), '--map', await shown(), '--json');
    const { reliability, factors, ...told } = JSON.parse(stdout);
    expect(told).toMatchObject({ rows: 3_000, open: 0, broken: 0, judgedBy: 'time', judged: 2_500, leftOut: [] });
    expect(told.logloss).toBeLessThan(told.baseLogloss);
    expect(told.ece).toBeLessThan(0.04);
    expect(reliability.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).toBe(2_500);
    // The city has no part in the outcome.
    expect(factors.map(({ column }: { column: string }) => column)).toEqual([...'Source,Minutes on site,Occupation,City'.split(',')]);
  }, 60_000);

  it('leaves out what tells the outcome too well, and judges by chance without a time', async () => {
    const map = await shown(
      ['"never": ["Stage"]', '"never": []'],
      ['"time": { "column": "Created" },', ''],
      ['"City": "level"', '"Stage": "level"'],
    );
    const { stdout } = await evaluate('--file', await csv(), '--map', map, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ judgedBy: 'chance', judged: 3_000, leftOut: [{ column: 'Stage', why: 'leak' }] });
    expect(JSON.parse(stdout).auc).toBeLessThan(0.8);
  }, 60_000);

  it('says in one message what is wrong with the map, and asks for one', async () => {
    const file = await csv();
    const map = await shown(['"Source"', '"Sorce"']);
    await expect(evaluate('--file', file, '--map', map)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Did you mean "Source"?'),
    });
    await expect(evaluate('--file', file)).rejects.toMatchObject({ stderr: expect.stringContaining('Add --map map.json') });
  }, 60_000);

  it('says so where there are too few rows to judge by', async () => {
    const few = await folder.write('few.csv', leads().slice(0, 100).join('\n'));
    await expect(evaluate('--file', few, '--map', await shown())).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[TOO_LITTLE_TO_LEARN]'),
    });
  }, 60_000);
});
