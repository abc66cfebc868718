import type { NodeDefinition } from '../node/definition.ts';

/** The node types that exist here, by type and version. */
export class NodeTypes {
  readonly #types = new Map<string, Map<number, NodeDefinition>>();

  constructor(definitions: readonly NodeDefinition[]) {
    for (const definition of definitions) {
      const versions = this.#types.get(definition.type) ?? new Map<number, NodeDefinition>();
      if (versions.has(definition.version)) throw new Error(`The node ${definition.type} version ${definition.version} is defined twice.`);
      this.#types.set(definition.type, versions.set(definition.version, definition));
    }
  }

  /** All versions of a type, oldest first; none where the type is unknown. */
  versions(type: string): number[] {
    return [...(this.#types.get(type)?.keys() ?? [])].sort((a, b) => a - b);
  }

  /** @param version the newest without one */
  get(type: string, version?: number): NodeDefinition | undefined {
    return this.#types.get(type)?.get(version ?? this.versions(type).at(-1) ?? 0);
  }

  types(): string[] {
    return [...this.#types.keys()].sort();
  }

  list(): NodeDefinition[] {
    return this.types().flatMap((type) => this.versions(type).flatMap((version) => this.get(type, version) ?? []));
  }
}
