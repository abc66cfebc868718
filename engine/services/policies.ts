/** What the priorities of records allow, as an admin handles it. */
import type { EntityDefinition, Policy, Priorities } from '../../schemas/entity.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { finish } from '../admission/finish.ts';
import type { CatalogState } from '../catalog/catalog.ts';
import { TaktError } from '../errors/index.ts';
import { EntityRegistry } from '../records/index.ts';
import { applyChange } from '../runtime/change.ts';
import { openWorkspace, type Ports } from '../runtime/ports.ts';
import { transact } from '../runtime/transact.ts';
import type { StoreTx } from '../store/port.ts';
import type { Outsider } from '../store/schema.ts';
import { drive } from '../unit/drive.ts';
import { load } from '../unit/load.ts';

/** The event that tells of a change, with who has made it; its topic is the entity. */
const POLICY_CHANGED = 'policy.changed';

/** No entity has a greater one. */
const MOST_PRIORITY = 999;

export interface PriorityPolicy extends Policy {
  entity: string;
  priority: number;
}

export class Policies {
  readonly #ports: Ports;
  readonly #builtIn: readonly EntityDefinition[];
  readonly #onDue: () => void;

  constructor(ports: Ports, builtIn: readonly EntityDefinition[], onDue: () => void) {
    this.#ports = ports;
    this.#builtIn = builtIn;
    this.#onDue = onDue;
  }

  /** By entity and priority. Throws ENTITY_UNKNOWN, PRIORITIES_UNDEFINED where the entity named has none. */
  async list(entity?: string): Promise<PriorityPolicy[]> {
    const { entities } = await this.#ports.catalog.current(this.#ports.database.store);
    const names =
      entity === undefined
        ? entities
            .list()
            .filter(({ definition }) => definition.priorities)
            .map(({ name }) => name)
        : [entity];
    return names.flatMap((name) => policiesOf(prioritisedOf(entities, name)));
  }

  /**
   * Says what is allowed with the records of a priority; what is left out stays as it is. Counts from the next message and the next assignment
   * on, also of runs under way. Who has changed it stands in the event `policy.changed`.
   * Throws ENTITY_UNKNOWN, PRIORITIES_UNDEFINED, PRIORITY_INVALID.
   */
  async set(entity: string, priority: number, change: Partial<Policy>, author: Outsider): Promise<PriorityPolicy> {
    const decide = (before: Policy | undefined): Policy => ({ contact: 'automatic', person: true, ...before, ...change });
    const policy = await this.#change(entity, priority, author, decide);
    return { entity, priority, ...policy };
  }

  /**
   * Puts the policy back to that of Takt. One that Takt does not have is taken away: then everything is allowed, and null is given. Throws as `set`.
   */
  async reset(entity: string, priority: number, author: Outsider): Promise<PriorityPolicy | null> {
    await this.#change(entity, priority, author, () => undefined);
    const policy = this.#ofTakt(entity, priority);
    return policy ? { entity, priority, ...policy } : null;
  }

  /** @param decide gives the policy to be kept; undefined takes away what is kept */
  async #change<T extends Policy | undefined>(
    entity: string,
    priority: number,
    author: Outsider,
    decide: (before: Policy | undefined) => T,
  ): Promise<T> {
    const changed = await transact(this.#ports.database, async (tx) => {
      await tx.lockCatalog();
      const state = await this.#ports.catalog.current(tx);
      const definition = prioritisedOf(state.entities, entity);
      checkPriority(definition, priority);
      const before = definition.priorities.policies[String(priority)];
      const policy = decide(before);
      await this.#keep(tx, definition, priority, policy);
      const after = policy ?? this.#ofTakt(entity, priority);
      await this.#tell(tx, state, entity, { priority, before: told(before), after: told(after), by: { ...author } }, author);
      await tx.bumpCatalog();
      return policy;
    });
    this.#onDue();
    return changed;
  }

  #ofTakt(entity: string, priority: number): Policy | undefined {
    return this.#builtIn.find(({ name }) => name === entity)?.priorities?.policies[String(priority)];
  }

  /** As an extension of a built-in entity, or in the definition of a custom one. */
  async #keep(tx: StoreTx, { name, title, priorities }: Prioritised, priority: number, policy: Policy | undefined): Promise<void> {
    const custom = await tx.customEntities();
    const present = custom.find((one) => one.name === name) ?? { name, title, fields: {} };
    const { field } = priorities;
    const { [String(priority)]: _, ...others } = present.priorities?.policies ?? {};
    const policies = policy === undefined ? others : { ...others, [String(priority)]: policy };
    const definition = { ...present, priorities: { ...present.priorities, field, policies } };
    // Throws where the definition would not hold together.
    new EntityRegistry(this.#builtIn, [...custom.filter((one) => one.name !== name), definition]);
    await tx.upsertEntity(name, definition, this.#ports.clock.now());
  }

  async #tell(tx: StoreTx, state: CatalogState, entity: string, data: JsonObject, author: Outsider): Promise<void> {
    const workspace = openWorkspace(this.#ports, state);
    const change = { kind: 'event', type: POLICY_CHANGED, topic: entity, data } as const;
    const [outcome] = await drive([applyChange(workspace, change, author)], workspace, (requests) => load(tx, workspace, requests));
    if (!outcome?.ok) throw outcome?.error ?? new TaktError('INTERNAL');
    await finish(tx, workspace, this.#ports.queue);
  }
}

type Prioritised = EntityDefinition & { priorities: Priorities };

/** Throws ENTITY_UNKNOWN, PRIORITIES_UNDEFINED. */
function prioritisedOf(entities: EntityRegistry, name: string): Prioritised {
  const { definition } = entities.require(name);
  const { priorities } = definition;
  if (priorities) return { ...definition, priorities };
  throw new TaktError('PRIORITIES_UNDEFINED', { message: `The records of ${name} have no priorities.` });
}

function checkPriority({ name, fields, priorities: { field: at } }: Prioritised, priority: number): void {
  const field = fields[at];
  const { min = 0, max = MOST_PRIORITY } = field?.type === 'number' ? field : {};
  if (Number.isInteger(priority) && priority >= Math.max(0, min) && priority <= Math.min(MOST_PRIORITY, max)) return;
  throw new TaktError('PRIORITY_INVALID', {
    message: `${priority} is no priority of ${name}.`,
    hint: `Give a whole number from ${Math.max(0, min)} to ${Math.min(MOST_PRIORITY, max)}.`,
  });
}

const policiesOf = ({ name, priorities }: Prioritised): PriorityPolicy[] =>
  Object.entries(priorities.policies)
    .map(([priority, policy]) => ({ entity: name, priority: Number(priority), ...policy }))
    .sort((a, b) => a.priority - b.priority);

const told = (policy: Policy | undefined): JsonObject | null => (policy ? { contact: policy.contact, person: policy.person } : null);
