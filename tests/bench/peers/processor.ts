/** Processor time of whole families of processes: on a shared machine it says more than the clock does. */
import { readdir, readFile } from 'node:fs/promises';

interface ProcessTime {
  parent: number;
  /** Its own and that of children that have ended, milliseconds. */
  ms: number;
}

/** The kernel's unit in /proc, milliseconds: a hundredth of a second on every Linux that Node runs on. */
const TICK_MS = 10;

/** @param stat content of /proc/PID/stat; the name, in brackets, may have spaces and brackets of its own */
export function readStat(stat: string): ProcessTime {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { parent: Number(fields[1]), ms: ticks * TICK_MS };
}

function ended(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ESRCH') throw error;
}

async function all(): Promise<Map<number, ProcessTime>> {
  const ids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
  const read = await Promise.all(
    ids.map(async (id): Promise<[number, ProcessTime][]> => {
      const stat = await readFile(`/proc/${id}/stat`, 'utf8').catch(ended);
      return stat === undefined ? [] : [[id, readStat(stat)]];
    }),
  );
  return new Map(read.flat());
}

/** Milliseconds that processes with all their descendants have used so far, one for each root. Linux only. */
export async function processorTimes(roots: readonly number[]): Promise<number[]> {
  const times = await all();
  const below = (root: number): number =>
    [...times].reduce((sum, [id, { parent }]) => (parent === root ? sum + below(id) : sum), times.get(root)?.ms ?? 0);
  return roots.map(below);
}

/** @throws Error where there is no such process */
export async function parentOf(id: number): Promise<number> {
  return readStat(await readFile(`/proc/${id}/stat`, 'utf8')).parent;
}
