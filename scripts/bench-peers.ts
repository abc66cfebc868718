/** Measures Takt beside its peers on the same PostgreSQL: `npm run bench:peers`, `npm run -s bench:peers -- --json [--only NAME,NAME]`. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { wholeNumber } from '../api/cli/arguments.ts';
import { type Io, processIo } from '../api/cli/io.ts';
import { showJson, showTable } from '../api/cli/show.ts';
import { openBed } from '../tests/bench/bed.ts';
import { machine } from '../tests/bench/machine.ts';
import { install } from '../tests/bench/peers/install.ts';
import { entrants, measureRound, type Round } from '../tests/bench/peers/measure.ts';
import { chosenPeers, peers } from '../tests/bench/peers/peers.ts';
import { QUIET_COLUMNS, quiet, quietCells, RATE_COLUMNS, rateCells, rates } from '../tests/bench/peers/table.ts';

interface Options {
  json?: true;
  only?: string;
  rounds: number;
  scale: number;
  folder: string;
}

async function main(io: Io, { json, only, rounds, scale, folder }: Options): Promise<void> {
  const wanted = chosenPeers(only);
  io.err(`The peers are in ${resolve(folder)}.`);
  const taking = entrants(await install(resolve(folder), peers), wanted);
  const bed = await openBed();
  const measured: Round[] = [];
  try {
    for (let round = 1; round <= rounds && !io.signal.aborted; round++) {
      for (const entrant of taking) {
        if (io.signal.aborted) break;
        const one = await measureRound(bed, entrant, scale / 100);
        io.err(`round ${round} of ${rounds}: ${entrant.name}: ${Math.round(one.work.workflows?.perSecond ?? 0)} workflows a second`);
        measured.push(one);
      }
    }
  } finally {
    await bed.close();
  }
  if (json) {
    showJson(io, { machine: machine(), peers: wanted, rates: rates(measured), quiet: quiet(measured) });
    return;
  }
  showTable(io, RATE_COLUMNS, rates(measured).map(rateCells), 'Nothing was measured.');
  showTable(io, QUIET_COLUMNS, quiet(measured).map(quietCells), 'Nothing was measured.');
}

await new Command('npm run bench:peers --')
  .description('installs other engines into a folder of their own and measures the same work with them and with Takt, in turn')
  .option('--json', 'one JSON object on standard output')
  .option('--only <names>', `only these peers, with commas between: ${peers.map(({ name }) => name).join(', ')}`)
  .option('--rounds <n>', 'measurements of each, of which the median is told', wholeNumber(1, 100), 3)
  .option('--scale <percent>', 'of the workflows and jobs of a round, for a quick try', wholeNumber(1, 1_000), 100)
  .option('--folder <path>', 'where the peers are installed', '.takt/peers')
  .action((options: Options) => main(processIo(), options))
  .parseAsync(process.argv);
