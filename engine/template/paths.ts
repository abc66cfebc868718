/** What is known, before rendering, of the value that names are looked up in: its path from the root, or nothing. */
export interface StaticScope {
  readonly path: readonly string[] | undefined;
  readonly names: ReadonlyMap<string, readonly string[] | undefined>;
  readonly parent: StaticScope | undefined;
}

export const ROOT_SCOPE: StaticScope = { path: [], names: new Map(), parent: undefined };

export function innerScope(
  parent: StaticScope,
  path: readonly string[] | undefined,
  names: ReadonlyMap<string, readonly string[] | undefined>,
): StaticScope {
  return { path, names, parent };
}

/** Paths read from the root, without repetition. */
export class PathSet {
  private readonly known = new Map<string, readonly string[]>();

  add(path: readonly string[] | undefined): void {
    if (path !== undefined && path.length > 0) this.known.set(JSON.stringify(path), path);
  }

  toArray(): readonly (readonly string[])[] {
    return [...this.known.values()];
  }
}
