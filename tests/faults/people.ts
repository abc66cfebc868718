/** Who runs Takt: starts long work, pauses runs and lets them go on, ends some, publishes, and retries what has failed. */
import { TaktError } from '../../engine/errors/index.ts';
import type { Random } from '../../engine/ports/random.ts';
import type { Tables } from '../../engine/store/memory/tables.ts';
import type { Author } from '../../engine/store/schema.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { oneOf } from './chance.ts';
import type { Process } from './process.ts';
import type { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';

const SOMEBODY: Author = { kind: 'person', id: 'operator' };
/** Until an answer comes that is none of the database's. */
const AGAIN_MS = 1_500;
const PATIENCE_MS = 20_000;

export interface Place {
  timeline: Timeline;
  trace: Trace;
  tables: Tables;
  chance: Random;
  processes: () => readonly Process[];
}

export class People {
  readonly #place: Place;
  /** Runs that somebody wanted to end, whether it came to that or not. */
  readonly toBeCancelled = new Set<string>();
  /** What they are at. */
  busy = 0;

  constructor(place: Place) {
    this.#place = place;
  }

  /** Starts a workflow on all leads; only once, since nobody knows whether it has begun when no answer comes. */
  async startBulk(): Promise<void> {
    await this.#once('starts long work', (process) => process.jobs.startBulk({ workflowId: 'drill-bulk', entity: 'lead' }, SOMEBODY));
  }

  /** Pauses a run; `lookAfter` lets it go on. */
  async pauseOne(): Promise<void> {
    const run = this.#anyRun((status) => status === 'active' || status === 'waiting');
    if (run !== undefined) await this.#once(`pauses ${run}`, (process) => process.runs.pause(run));
  }

  async cancelOne(): Promise<void> {
    const run = this.#anyRun(() => true);
    if (run === undefined) return;
    this.toBeCancelled.add(run);
    await this.#once(`ends ${run}`, (process) => process.runs.cancel(run));
  }

  /** Publishes a file until it is the published one. */
  async publish(file: JsonObject): Promise<void> {
    let published = false;
    while (!published) {
      await this.#once(`publishes ${file.id}`, async ({ workflows }) => {
        const { id } = await workflows.saveDraft(file);
        await workflows.publish(id, SOMEBODY).catch((error: unknown) => {
          if (!(error instanceof TaktError && error.code === 'WORKFLOW_UNCHANGED')) throw error;
        });
        published = true;
      });
    }
  }

  /** Lets failed and paused runs go on. */
  async lookAfter(): Promise<void> {
    const failed = this.#anyRun((status) => status === 'failed');
    if (failed !== undefined) await this.#once('retries what has failed', (process) => process.runs.retryAll({}));
    const paused = this.#anyRun((status) => status === 'paused');
    if (paused !== undefined) await this.#once(`lets ${paused} go on`, (process) => process.runs.resume(paused));
  }

  #anyRun(wanted: (status: string) => boolean): string | undefined {
    const runs = this.#place.tables.runs.all().filter((run) => wanted(run.status));
    return oneOf(this.#place.chance, runs)?.id;
  }

  /** Asks one of the processes; whatever it says, or that it says nothing, is noted. */
  async #once(what: string, ask: (process: Process) => Promise<unknown>): Promise<void> {
    const { timeline, trace, processes } = this.#place;
    const process = oneOf(this.#place.chance, processes());
    this.busy++;
    if (process) {
      const answer = ask(process).then(
        () => 'done',
        (error: unknown) => (error instanceof TaktError ? error.code : String(error)),
      );
      const gone = process.life.ended.catch(() => 'gone');
      const silence = timeline.sleep(PATIENCE_MS).then(() => 'no answer');
      trace.note(`operator: ${what}: ${await Promise.race([answer, gone, silence])}`);
    }
    await timeline.sleep(AGAIN_MS);
    this.busy--;
  }
}
