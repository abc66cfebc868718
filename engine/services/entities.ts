/** Entities as an admin handles them: built-in ones, their custom fields, custom entities. No migration is needed for any. */
import type { EntityDefinition } from '../../schemas/entity.ts';
import { TaktError } from '../errors/index.ts';
import { newJob } from '../jobs/job.ts';
import { nameKeys } from '../jobs/name-keys.ts';
import { checkEntityDefinition, type Entity, EntityRegistry } from '../records/index.ts';
import type { Ports } from '../runtime/ports.ts';
import { transact } from '../runtime/transact.ts';
import type { StoreTx } from '../store/port.ts';

/** Does the entity tell duplicates by other names than before? */
function namesOtherwise(now: Entity, before: Entity | undefined): boolean {
  const [rules, old] = [now.definition.duplicates, before?.definition.duplicates];
  return rules?.name !== undefined && (rules.of !== old?.of || rules.name.join() !== old.name?.join());
}

export class Entities {
  readonly #ports: Ports;
  readonly #builtIn: readonly EntityDefinition[];

  constructor(ports: Ports, builtIn: readonly EntityDefinition[]) {
    this.#ports = ports;
    this.#builtIn = builtIn;
  }

  async registry(): Promise<EntityRegistry> {
    return (await this.#ports.catalog.current(this.#ports.database.store)).entities;
  }

  /**
   * Defines a custom entity, or the custom fields of a built-in one; replaces what was defined under that name. Policies of a built-in entity that
   * have been changed stay so where the definition says nothing of them. Throws ENTITY_INVALID with every problem.
   */
  async define(value: unknown): Promise<Entity> {
    const given = checkEntityDefinition(value);
    return transact(this.#ports.database, async (tx) => {
      await tx.lockCatalog();
      const custom = await tx.customEntities();
      const kept = this.#isBuiltIn(given.name) ? custom.find(({ name }) => name === given.name)?.priorities : undefined;
      const definition = kept === undefined || given.priorities !== undefined ? given : { ...given, priorities: kept };
      const others = custom.filter((other) => other.name !== definition.name);
      const registry = new EntityRegistry(this.#builtIn, [...others, definition]);
      const entity = registry.require(definition.name);
      if (namesOtherwise(entity, (await this.#ports.catalog.current(tx)).entities.get(entity.name))) await this.#keysAnew(tx, entity.name);
      await tx.upsertEntity(definition.name, definition, this.#ports.clock.now());
      await tx.bumpCatalog();
      return entity;
    });
  }

  /** Records that are there get the keys by which their likes are found. */
  async #keysAnew(tx: StoreTx, entity: string): Promise<void> {
    const total = await tx.countLiving(entity);
    if (total > 0) await tx.insertJob(newJob(this.#ports, nameKeys.kind, { entity }, { kind: 'system', id: 'entities' }, total));
  }

  /** Adds fields to what is defined under the name already: custom fields keep coming in by and by. Throws ENTITY_INVALID. */
  async addFields(name: string, fields: EntityDefinition['fields']): Promise<Entity> {
    const custom = await this.#ports.database.store.customEntities();
    const present = custom.find((definition) => definition.name === name);
    const builtIn = this.#builtIn.find((definition) => definition.name === name);
    const title = present?.title ?? builtIn?.title;
    if (title === undefined) throw new TaktError('ENTITY_UNKNOWN', { message: `There is no entity "${name}".` });
    return this.define({ ...(present ?? { name, title }), fields: { ...present?.fields, ...fields } });
  }

  /** Removes a custom entity without records, or the custom fields of a built-in one, whose policies stay. Throws ENTITY_UNKNOWN, ENTITY_IN_USE. */
  async remove(name: string): Promise<void> {
    await transact(this.#ports.database, async (tx) => {
      await tx.lockCatalog();
      const custom = await tx.customEntities();
      if (!custom.some((definition) => definition.name === name))
        throw new TaktError('ENTITY_UNKNOWN', { message: `Nothing custom is defined as "${name}".` });
      const isBuiltIn = this.#isBuiltIn(name);
      if (!isBuiltIn && (await tx.countRecords(name)) > 0)
        throw new TaktError('ENTITY_IN_USE', { message: `There are records of "${name}".` });
      // Throws where another entity or formula refers to what would be gone.
      new EntityRegistry(
        this.#builtIn,
        custom.filter((definition) => definition.name !== name),
      );
      const present = custom.find((definition) => definition.name === name);
      if (isBuiltIn && present?.priorities) {
        const { title, priorities } = present;
        await tx.upsertEntity(name, { name, title, fields: {}, priorities }, this.#ports.clock.now());
      } else await tx.deleteEntity(name);
      await tx.bumpCatalog();
    });
  }

  #isBuiltIn(entity: string): boolean {
    return this.#builtIn.some(({ name }) => name === entity);
  }
}
