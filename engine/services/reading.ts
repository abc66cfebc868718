/** What nodes ask of records, asked outside of any run. */
import { TaktError } from '../errors/index.ts';
import type { ReadingContext } from '../node/context.ts';
import type { DataRequest } from '../node/definition.ts';
import { openWorkspace, type Ports } from '../runtime/ports.ts';
import { transact } from '../runtime/transact.ts';
import { drive } from '../unit/drive.ts';
import { load } from '../unit/load.ts';
import { readsOf } from '../unit/reads.ts';

export class Reading {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /**
   * Carries out what only reads and finds records, as a step would, and keeps nothing.
   * @param settings in the place of a workflow's
   * @returns what the work gives; throws what it throws
   */
  ask<T>(settings: ReadingContext['settings'], work: (ctx: ReadingContext) => Generator<DataRequest, T, void>): Promise<T> {
    return transact(this.#ports.database, async (tx) => {
      const workspace = openWorkspace(this.#ports, await this.#ports.catalog.current(tx));
      const ctx: ReadingContext = { settings, record: undefined, ...readsOf(workspace, 'reading') };
      const [outcome] = await drive([work(ctx)], workspace, (requests) => load(tx, workspace, requests));
      if (outcome?.ok) return outcome.value;
      throw outcome?.error ?? new TaktError('INTERNAL');
    });
  }
}
