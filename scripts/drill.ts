/** Cuts networks and kills primaries under load, and tells what was lost: `npm run -s drill -- partition|failover [--json]`. */
import { Command } from 'commander';
import { wholeNumber } from '../api/cli/arguments.ts';
import { processIo } from '../api/cli/io.ts';
import { showJson, showTable } from '../api/cli/show.ts';
import type { Findings } from '../tests/drill/drill.ts';
import { failover } from '../tests/drill/failover.ts';
import { partition } from '../tests/drill/partition.ts';

const io = processIo();

interface Options {
  json?: true;
  bare?: true;
  asynchronous?: true;
  behind?: number;
}

async function show({ json }: Options, drill: Promise<Findings>): Promise<void> {
  const findings = await drill;
  if (json) showJson(io, findings);
  else showTable(io, ['finding', 'value'], Object.entries(findings), 'Nothing was found.');
  if (findings.amiss !== 0) process.exitCode = 1;
}

const program = new Command('npm run -s drill --').description(
  'machines as network namespaces of this one (Linux, root, iproute2): what breaks, how long it stalls, what is lost',
);
program
  .command('partition')
  .description('one of two workers is cut off from the database in the middle of a transaction, and let in again')
  .option('--json', 'one JSON object on standard output')
  .option('--bare', "with PostgreSQL's own settings for silent connections, for comparison; watched for a minute")
  .action((options: Options) => show(options, partition({ bare: options.bare === true, say: io.err })));
program
  .command('failover')
  .description('the machine of the primary dies; a standby takes its place and its address')
  .option('--json', 'one JSON object on standard output')
  .option('--asynchronous', 'commits do not wait for the standby')
  .option('--behind <seconds>', 'how far an asynchronous standby lags behind', wholeNumber(0, 60), 2)
  .action((options: Options) => {
    const { asynchronous = false, behind = 0 } = options;
    return show(options, failover({ synchronous: !asynchronous, behind, say: io.err }));
  });
try {
  await program.parseAsync(process.argv);
} catch (error) {
  io.err(`Error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
