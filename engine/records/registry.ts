import type { EntityDefinition, FieldDefinition, Priorities } from '../../schemas/entity.ts';
import { TaktError } from '../errors/index.ts';
import { didYouMean } from '../schema/nearest.ts';
import { checkForm, checkMeaning } from './definition.ts';
import type { Entity } from './entity.ts';
import { type CompiledFormula, compileFormulas } from './formulas.ts';
import { Problems, shown } from './problems.ts';
import { systemField } from './system.ts';

const MAX_FORMULAS = 50;

/** Where a definition stands in what was given to the registry. */
interface Placed {
  definition: EntityDefinition;
  pointer: string;
}

/** All entities of an installation, built-in and custom alike. Immutable: a change of the definitions makes a new one. */
export class EntityRegistry {
  readonly #entities: ReadonlyMap<string, Entity>;

  /**
   * @param builtIn of a right form: Takt's own, held by a test, since asking that anew took 130 ms of each start
   * @param custom new entities, and extensions: a definition with the name of a built-in one adds its fields to it, and its title, name
   * fields, stages and policies take the place of the built-in ones. It cannot change or remove built-in fields.
   *
   * Throws TaktError ENTITY_INVALID with every problem under `errors`, pointers beginning with `/builtIn/0` or `/custom/0`.
   */
  constructor(builtIn: readonly EntityDefinition[], custom: readonly EntityDefinition[] = []) {
    const problems = new Problems();
    const trusted = builtIn.map((definition, index) => ({ definition, pointer: `/builtIn/${index}` }));
    const merged = merge(trusted, wellFormed(custom, problems), problems);
    const names = new Set(merged.keys());
    const entities = new Map<string, Entity>();
    for (const [name, { definition, pointer }] of merged) {
      const meant = checkMeaning(definition, names, pointer, problems);
      entities.set(name, entity(meant, formulasOf(meant, pointer, problems)));
    }
    problems.throwAs('ENTITY_INVALID', 'The entities cannot be used');
    this.#entities = entities;
  }

  get(name: string): Entity | undefined {
    return this.#entities.get(name);
  }

  /** Throws TaktError ENTITY_UNKNOWN. */
  require(name: string): Entity {
    const found = this.#entities.get(name);
    if (found !== undefined) return found;
    const hint = didYouMean(name, this.#entities.keys());
    throw new TaktError('ENTITY_UNKNOWN', { message: `There is no entity ${shown(name)}.`, hint });
  }

  /** Built-in ones first, each group in the order given. */
  list(): readonly Entity[] {
    return [...this.#entities.values()];
  }
}

function wellFormed(custom: readonly EntityDefinition[], problems: Problems): Placed[] {
  const placed: Placed[] = [];
  custom.forEach((definition, index) => {
    const pointer = `/custom/${index}`;
    if (checkForm(definition, pointer, problems)) placed.push({ definition, pointer });
  });
  return placed;
}

function merge(builtIn: readonly Placed[], custom: readonly Placed[], problems: Problems): Map<string, Placed> {
  const merged = new Map<string, Placed>();
  const twice = ({ definition, pointer }: Placed): void =>
    problems.add('ENTITY_CONFLICT', `${pointer}/name`, `The entity ${definition.name} is defined twice.`);
  for (const placed of builtIn) {
    if (merged.has(placed.definition.name)) twice(placed);
    else merged.set(placed.definition.name, placed);
  }
  const own = new Set<string>();
  for (const placed of custom) {
    const { name } = placed.definition;
    const base = merged.get(name);
    if (own.has(name)) twice(placed);
    else merged.set(name, base === undefined ? placed : extend(base, placed, problems));
    own.add(name);
  }
  return merged;
}

function extend(base: Placed, extension: Placed, problems: Problems): Placed {
  const { fields, ...rest } = extension.definition;
  for (const name of Object.keys(fields)) {
    if (!Object.hasOwn(base.definition.fields, name)) continue;
    const message = `${base.definition.name}.${name} is a built-in field and stays as it is.`;
    problems.add('ENTITY_CONFLICT', `${extension.pointer}/fields/${name}`, message, 'Give the field another name.');
  }
  const definition = { ...base.definition, ...rest, fields: { ...base.definition.fields, ...fields } };
  const priorities = bothPriorities(base.definition.priorities, rest.priorities);
  if (priorities !== undefined) definition.priorities = priorities;
  return { definition, pointer: extension.pointer };
}

/** An extension names the policies that it changes; the others stay as they are. */
function bothPriorities(base: Priorities | undefined, extension: Priorities | undefined): Priorities | undefined {
  if (base === undefined || extension === undefined) return extension ?? base;
  return { ...base, ...extension, policies: { ...base.policies, ...extension.policies } };
}

function formulasOf(definition: EntityDefinition, pointer: string, problems: Problems): CompiledFormula[] {
  const count = Object.values(definition.fields).filter((field) => field.type === 'formula').length;
  if (count <= MAX_FORMULAS) return compileFormulas(definition, `${pointer}/fields`, problems);
  problems.add('ENTITY_INVALID', `${pointer}/fields`, `${definition.name} has ${count} formulas.`, `Keep to ${MAX_FORMULAS}.`);
  return [];
}

function entity(definition: EntityDefinition, formulas: readonly CompiledFormula[]): Entity {
  const fieldNames = Object.keys(definition.fields);
  const ofType = (type: FieldDefinition['type']): string[] => fieldNames.filter((name) => definition.fields[name]?.type === type);
  return {
    definition,
    name: definition.name,
    fieldNames,
    emails: ofType('email'),
    phones: ofType('phone'),
    nameFields: [definition.nameField ?? []].flat(),
    formulas,
    field: (name) => (Object.hasOwn(definition.fields, name) ? definition.fields[name] : systemField(definition, name)),
  };
}
