/**
 * What is published, compiled and indexed in memory: plans by workflow and version, triggers by event type and topic, and the
 * entities. Every process has its own; the counter `catalog` in the database tells it when to read again.
 */
import type { EntityDefinition } from '../../schemas/entity.ts';
import { asTaktError } from '../errors/index.ts';
import { Forecasts } from '../forecasting/forecasts.ts';
import { compileWorkflow } from '../graph/compile.ts';
import type { NodeTypes } from '../graph/node-types.ts';
import type { Plan } from '../graph/plan.ts';
import { type LiveModel, type LiveVersion, Models, versionOf } from '../models/live.ts';
import type { Logger } from '../ports/logger.ts';
import { EntityRegistry } from '../records/index.ts';
import { Segments } from '../segments/segments.ts';
import type { StoreTx } from '../store/port.ts';
import { TriggerIndex } from './trigger-index.ts';

export interface CatalogOptions {
  nodeTypes: NodeTypes;
  builtInEntities: readonly EntityDefinition[];
  logger: Logger;
}

/** One state of the catalogue; a reload makes a new one, so that a transaction sees one state throughout. */
export interface CatalogState {
  readonly revision: number;
  readonly entities: EntityRegistry;
  readonly segments: Segments;
  readonly models: Models;
  readonly forecasts: Forecasts;
  readonly published: ReadonlyMap<string, Plan>;
  /** Ids of the published workflows that are paused. */
  readonly paused: ReadonlySet<string>;
  readonly triggers: TriggerIndex;
}

export class Catalog {
  readonly nodeTypes: NodeTypes;
  readonly #options: CatalogOptions;
  /** Plans never change: kept by `workflow@version` as long as the process lives. */
  readonly #plans = new Map<string, Plan>();
  /** Versions of models never change either; those that are live are kept, by `model@version@moment`. */
  #versions: ReadonlyMap<string, LiveVersion> = new Map();
  #state: CatalogState | undefined;

  constructor(options: CatalogOptions) {
    this.nodeTypes = options.nodeTypes;
    this.#options = options;
  }

  /** The present state, read again when another transaction has changed it. */
  async current(tx: StoreTx): Promise<CatalogState> {
    const revision = await tx.catalogRevision();
    if (this.#state?.revision !== revision) this.#state = await this.#load(tx, revision);
    return this.#state;
  }

  /** The plans of these versions; a version that no longer compiles (a node package was removed) is missing from the map. */
  async plans(
    tx: StoreTx,
    wanted: readonly { workflowId: string; version: number }[],
    entities: EntityRegistry,
  ): Promise<Map<string, Plan>> {
    const missing = new Map(wanted.filter((w) => !this.#plans.has(planKey(w))).map((w) => [planKey(w), w]));
    if (missing.size > 0) {
      for (const row of await tx.versionFiles([...missing.values()])) this.#compile(row, entities);
    }
    const found = new Map<string, Plan>();
    for (const w of wanted) {
      const plan = this.#plans.get(planKey(w));
      if (plan) found.set(planKey(w), plan);
    }
    return found;
  }

  async #load(tx: StoreTx, revision: number): Promise<CatalogState> {
    const entities = new EntityRegistry(this.#options.builtInEntities, await tx.customEntities());
    const segments = new Segments(await tx.segmentDefinitions(), this.#options.logger);
    const models = await this.#models(tx);
    const forecasts = new Forecasts(await tx.forecastDefinitions());
    const published = new Map<string, Plan>();
    const listening: { plan: Plan; active: boolean }[] = [];
    for (const row of await tx.publishedVersions()) {
      const plan = this.#plans.get(planKey(row)) ?? this.#compile(row, entities);
      if (!plan) continue;
      published.set(row.workflowId, plan);
      listening.push({ plan, active: row.status === 'active' });
    }
    const paused = new Set(listening.filter(({ active }) => !active).map(({ plan }) => plan.workflowId));
    return {
      revision,
      entities,
      segments,
      models,
      forecasts,
      published,
      paused,
      triggers: new TriggerIndex(listening, segments, this.#options.logger),
    };
  }

  /** What versions have learned may be megabytes: read when they become live, not with every change of the catalogue. */
  async #models(tx: StoreTx): Promise<Models> {
    const live = new Map<string, LiveVersion>();
    const models: LiveModel[] = [];
    for (const row of await tx.modelRows()) {
      // With the moment: a model that is removed and defined anew counts its versions from 1 again.
      const key = `${row.id}@${row.live}@${row.updatedAt}`;
      const version = this.#versions.get(key) ?? (row.live === null ? undefined : versionOf(await tx.modelVersion(row.id, row.live)));
      if (version) live.set(key, version);
      models.push({ definition: row.definition, live: live.get(key) ?? null });
    }
    this.#versions = live;
    return new Models(models);
  }

  #compile(row: { workflowId: string; version: number; file: unknown }, entities: EntityRegistry): Plan | undefined {
    try {
      const plan = compileWorkflow(row.file, row.version, { nodeTypes: this.nodeTypes, entities });
      this.#plans.set(planKey(row), plan);
      return plan;
    } catch (error) {
      const { code, message } = asTaktError(error);
      this.#options.logger.error(
        { workflow: row.workflowId, version: row.version, code, err: error },
        `A published workflow no longer compiles: ${message}`,
      );
      return undefined;
    }
  }
}

export const planKey = (version: { workflowId: string; version: number }): string => `${version.workflowId}@${version.version}`;
