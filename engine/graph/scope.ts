/** Which names an expression or template may read, and the errors for those it may not. */
import { TaktError } from '../errors/index.ts';
import type { Expression } from '../expression/index.ts';
import type { Entity } from '../records/index.ts';
import { didYouMean } from '../schema/nearest.ts';
import type { Formula } from './params.ts';

/** Fields that every record has beside those of its entity. */
const SYSTEM_FIELDS: readonly string[] = [
  'id',
  'entity',
  'key',
  'owner',
  'stage',
  'name',
  'version',
  'created_at',
  'updated_at',
  'deleted',
];

/** The names below a root; `open` where any name may be there. */
export type Names = { readonly names: ReadonlyMap<string, Names | 'open'> } | 'open';

export const RUN_NAMES: Names = {
  names: new Map(['id', 'workflow', 'version', 'locale', 'started_at'].map((name) => [name, 'open'] as const)),
};
export const EVENT_NAMES: Names = { names: new Map([...['id', 'type', 'topic', 'at', 'data'].map((name) => [name, 'open'] as const)]) };

/** The names of a record's view. Unknown entity: open. */
export function recordNames(entity: Entity | undefined): Names {
  if (!entity) return 'open';
  return { names: new Map([...SYSTEM_FIELDS, ...entity.fieldNames].map((name) => [name, 'open'] as const)) };
}

/** Of a condition on a record: its fields stand at the root, beside `record` and what else there is. */
export function conditionNames(entity: Entity | undefined, more: readonly string[]): Names {
  const record = recordNames(entity);
  // Of an unknown entity no name at the root can be told from a slip; below `record` any may be there.
  const fields = record === 'open' ? [] : [...record.names];
  const known: Readonly<Record<string, Names | 'open'>> = { previous: record, event: EVENT_NAMES, run: RUN_NAMES };
  const others = more.map((name): [string, Names | 'open'] => [name, known[name] ?? 'open']);
  return { names: new Map<string, Names | 'open'>([...fields, ['record', record], ...others]) };
}

/** Outside of a running workflow nobody loads the counts that an expression asks for. */
export function checkCounts(expression: Expression, pointer: string, problems: TaktError[]): void {
  for (const { type } of expression.eventCounts)
    problems.push(new TaktError('EVENT_COUNT_HERE', { pointer, message: `$eventCount("${type}") cannot be answered here.` }));
}

/** Problems of one formula against the scope; the pointer is the parameter's. */
export function checkScope(formula: Formula, scope: Names, problems: TaktError[]): void {
  const { expression, template, pointer } = formula;
  for (const path of [...(expression?.paths ?? []), ...(template?.paths ?? [])]) checkPath(path, scope, pointer, problems);
  // An optional path of a template may lack its last name, never its root.
  for (const path of template?.optionalPaths ?? []) checkPath(path.slice(0, 1), scope, pointer, problems);
  for (const name of expression?.variables ?? []) {
    problems.push(
      new TaktError('SCOPE_UNKNOWN', {
        pointer,
        message: `The variable $${name} is never set.`,
        hint: `Set it with $${name} := …, or read a name of the scope.`,
      }),
    );
  }
}

function checkPath(path: readonly string[], scope: Names, pointer: string, problems: TaktError[]): void {
  let level = scope;
  for (const [i, name] of path.entries()) {
    if (level === 'open') return;
    const below = level.names.get(name);
    if (below === undefined) {
      const where = path.slice(0, i).join('.');
      const hint = didYouMean(name, level.names.keys());
      problems.push(
        new TaktError('SCOPE_UNKNOWN', {
          pointer,
          message: `"${path.slice(0, i + 1).join('.')}" is not known${where ? ` below "${where}"` : ' here'}.`,
          hint,
        }),
      );
      return;
    }
    level = below;
  }
}
