/** A month of a small team, simulated: the story of examples/simulation. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { simulationParts } from '../../../api/cli/simulate/parts.ts';
import { readScript, simulate } from '../../../engine/simulate/index.ts';
import { type Benchmark, figure, median, timed, times } from '../figure.ts';

const ROOT = new URL('../../../', import.meta.url);
const DAYS = 30;
const DAY_MS = 86_400_000;

const text = (path: string): Promise<string> => readFile(fileURLToPath(new URL(path, ROOT)), 'utf8');

export const simulation: readonly Benchmark[] = [
  {
    names: ['simulate_month_s'],
    async run(_bed, { rounds }, say) {
      const script = readScript(await text('examples/simulation/script.json'));
      const workflows = await Promise.all(
        ['workflows/lead-scoring.json', 'workflows/lead-routing.json'].map(async (path) => JSON.parse(await text(path))),
      );
      const parts = await simulationParts();
      const input = { workflows, script, records: [], events: [], start: script.start ?? 0, span: DAYS * DAY_MS, seed: script.seed ?? 1 };
      const seconds = await times(rounds, async () => {
        let runs = 0;
        const ms = await timed(async () => {
          runs = (await simulate(parts, input)).runs.length;
        });
        say(`${(ms / 1_000).toFixed(1)} s for ${runs} runs`);
        return ms / 1_000;
      });
      return [figure('simulate_month_s', median(seconds), 's')];
    },
  },
];
