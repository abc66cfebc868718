/** Long work in pieces: what a kind of job has to say. */
import type { JsonObject } from '../../schemas/json.ts';
import type { Ports } from '../runtime/ports.ts';
import type { StoreTx } from '../store/port.ts';
import type { JobRow } from '../store/queries/jobs.ts';
import type { Author } from '../store/schema.ts';

/** What a piece has done. Its writes and this are one transaction: a piece is done once, whatever happens to the process. */
interface Piece {
  /** Where the next piece begins; null: there is none. */
  cursor: string | null;
  /** How many more are done, and how many of those came to nothing. */
  done: number;
  failed: number;
  /** What has come of it: runs, members, timers. */
  made: number;
}

export interface JobKind {
  readonly kind: string;
  /** Throws where the job cannot go on: it has failed then. */
  piece(tx: StoreTx, ports: Ports, job: JobRow): Promise<Piece>;
  /** Lets go what its pieces have put by, where the job has failed. */
  drop?(tx: StoreTx, job: JobRow): Promise<void>;
}

/** A job that has not begun. @param total how many there are, where that can be told */
export function newJob(
  ports: Pick<Ports, 'clock' | 'newId'>,
  kind: string,
  data: JsonObject,
  author: Author,
  total: number | null,
): JobRow {
  const now = ports.clock.now();
  const none = { cursor: null, done: 0, failed: 0, made: 0, error: null };
  return { id: ports.newId(), kind, data, total, author, status: 'running', createdAt: now, updatedAt: now, ...none };
}

/** The text under a name of the job's data. */
export const textOf = ({ data }: JobRow, name: string): string | undefined => {
  const value = data[name];
  return typeof value === 'string' ? value : undefined;
};
