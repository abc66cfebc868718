/**
 * What is published, compiled and indexed in memory: plans by workflow and version, triggers by event type and topic, and the
 * entities. Every process has its own; the counter `catalog` in the database tells it when to read again.
 */
import type { EntityDefinition } from '../../schemas/entity.ts';
import { asTaktError } from '../errors/index.ts';
import { compileWorkflow } from '../graph/compile.ts';
import type { NodeTypes } from '../graph/node-types.ts';
import type { Plan } from '../graph/plan.ts';
import type { RecordView } from '../node/context.ts';
import type { Logger } from '../ports/logger.ts';
import { EntityRegistry } from '../records/index.ts';
import { initialState } from '../run/state.ts';
import type { StoreTx } from '../store/port.ts';
import type { EventRow } from '../unit/rows.ts';
import { eventView, type Match } from '../unit/workspace.ts';

interface Subscriber {
  plan: Plan;
  trigger: Plan['triggers'][number];
}

export interface CatalogOptions {
  nodeTypes: NodeTypes;
  builtInEntities: readonly EntityDefinition[];
  logger: Logger;
}

/** One state of the catalogue; a reload makes a new one, so that a transaction sees one state throughout. */
export interface CatalogState {
  readonly revision: number;
  readonly entities: EntityRegistry;
  readonly published: ReadonlyMap<string, Plan>;
  match(
    event: EventRow,
    record: RecordView | undefined,
    previous: Record<string, unknown> | undefined,
    env: { now: number; random: () => number },
  ): Match[];
}

export class Catalog {
  readonly nodeTypes: NodeTypes;
  readonly #options: CatalogOptions;
  /** Plans never change: kept by `workflow@version` as long as the process lives. */
  readonly #plans = new Map<string, Plan>();
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
    const published = new Map<string, Plan>();
    const index = new Map<string, Subscriber[]>();
    for (const row of await tx.publishedVersions()) {
      const plan = this.#plans.get(planKey(row)) ?? this.#compile(row, entities);
      if (!plan) continue;
      published.set(row.workflowId, plan);
      if (row.status === 'paused') continue;
      for (const trigger of plan.triggers) {
        for (const { type, topic } of trigger.subscriptions) {
          const key = subscriptionKey(type, topic);
          const list = index.get(key);
          if (list) list.push({ plan, trigger });
          else index.set(key, [{ plan, trigger }]);
        }
      }
    }
    return { revision, entities, published, match: (event, record, previous, env) => this.#match(index, event, record, previous, env) };
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

  #match(
    index: Map<string, Subscriber[]>,
    event: EventRow,
    record: RecordView | undefined,
    previous: Record<string, unknown> | undefined,
    env: { now: number; random: () => number },
  ): Match[] {
    const subscribers = index.get(subscriptionKey(event.type, event.topic));
    if (!subscribers) return [];
    const view = eventView(event);
    const scope = { ...record, record, previous, event: view };
    return subscribers.flatMap(({ plan, trigger }) => {
      if (!trigger.definition.accepts(trigger.params, view)) return [];
      try {
        if (trigger.where && !trigger.where.test(scope, env)) return [];
      } catch (error) {
        // A condition that fails on one record must not stop the write of that record: it does not hold.
        this.#options.logger.warn(
          { workflow: plan.workflowId, node: trigger.id, event: event.id, record: event.recordId, err: error },
          `The condition of a trigger failed and counts as not met: ${asTaktError(error).message}`,
        );
        return [];
      }
      return [
        {
          workflowId: plan.workflowId,
          version: plan.version,
          reentry: plan.settings.reentry,
          trigger,
          initialState: initialState(trigger.targets),
        },
      ];
    });
  }
}

export const planKey = (version: { workflowId: string; version: number }): string => `${version.workflowId}@${version.version}`;

const subscriptionKey = (type: string, topic: string): string => `${type}\n${topic}`;
