import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { benchmarks } from './figures/index.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const bench = (...options: string[]) => run(process.execPath, ['scripts/bench.ts', ...options], { cwd: ROOT });
const names = benchmarks.flatMap((benchmark) => benchmark.names);

describe('the benchmark', () => {
  it('gives one JSON object: the machine, and each figure beside its limit', async () => {
    const { stdout } = await bench('--json', '--only', 'runs_per_s', '--events', '100', '--rounds', '1');
    expect(JSON.parse(stdout)).toEqual({
      machine: expect.objectContaining({ cores: expect.any(Number), node: expect.stringMatching(/^v/) }),
      figures: [
        { name: 'runs_per_s', value: expect.any(Number), unit: 'runs/s', limit: expect.any(Number), ratio: expect.any(Number) },
        { name: 'run_share_of_limit', value: expect.any(Number), unit: 'of the limit', limit: null, ratio: null },
      ],
    });
  }, 60_000);

  it('tells which figures there are where it is asked for another', async () => {
    await expect(bench('--only', 'nothing')).rejects.toMatchObject({
      stderr: expect.stringContaining(`'nothing' is invalid. There is no such figure. Figures: ${names.join(', ')}.`),
    });
  });

  it('has no two figures of one name, and explains each in docs/performance.md', async () => {
    expect(new Set(names).size).toBe(names.length);
    const docs = await readFile(new URL('../../docs/performance.md', import.meta.url), 'utf8');
    expect(names.filter((name) => !docs.includes(`\`${name}\``))).toEqual([]);
  });
});
