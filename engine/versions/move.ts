/** Whether a run can go on in another version of its workflow, and the run as it would. Pure. */
import type { Plan } from '../graph/plan.ts';
import type { RunState, Token } from '../run/state.ts';
import type { RunRow } from '../unit/rows.ts';

/** old node → new node; nodes that are not named keep their id */
export type NodeMapping = Readonly<Record<string, string>>;

export type Moved = { ok: true; run: RunRow } | { ok: false; problems: { node: string; reason: string }[] };

/** @param from the plan of the run's version; undefined where it no longer compiles: then types are not compared */
export function moveRun(run: RunRow, from: Plan | undefined, to: Plan, mapping: NodeMapping): Moved {
  const problems = run.state.tokens.flatMap((token) => {
    const reason = obstacle(token, from, to, mapping);
    return reason === undefined ? [] : [{ node: token.node, reason }];
  });
  if (problems.length > 0) return { ok: false, problems };
  const state = withoutStaleRounds(renamed(run.state, mapping), staleForks(from, to, mapping), to);
  return { ok: true, run: { ...run, version: to.version, state } };
}

const mapped = (mapping: NodeMapping, node: string): string => (Object.hasOwn(mapping, node) ? (mapping[node] ?? node) : node);

/** Why a token cannot go on in the other version; undefined where it can. */
function obstacle(token: Token, from: Plan | undefined, to: Plan, mapping: NodeMapping): string | undefined {
  const node = mapped(mapping, token.node);
  const target = to.actions.get(node)?.definition;
  if (!target) return `Version ${to.version} has no node "${node}".`;
  const source = from?.actions.get(token.node)?.definition;
  if (source && source.type !== target.type) return `"${node}" is ${target.type} there, not ${source.type}.`;
  if (source && source.version !== target.version && token.status === 'waiting')
    return `"${node}" is version ${target.version} of ${target.type} there; what waits in version ${source.version} cannot be taken over.`;
  const handler = token.wait?.items?.starts?.map((start) => mapped(mapping, start)).find((start) => !to.actions.has(start));
  if (handler !== undefined) return `It is compensating, and version ${to.version} has no node "${handler}".`;
  // The idempotency key carries the node's id: under another one it might leave the house a second time.
  if (node !== token.node && (token.wait?.kind === 'effect' || token.status === 'failed'))
    return `"${token.node}" ${token.status === 'failed' ? 'has failed' : 'is sending'}: it cannot get another name before that is over.`;
  return undefined;
}

type Rename = { keys<T>(record: Record<string, T>): Record<string, T>; edge(via: string): string };

function renamedToken(token: Token, mapping: NodeMapping, { keys, edge }: Rename): Token {
  const next = { ...token, node: mapped(mapping, token.node) };
  const { via, through, wait } = token;
  if (via !== undefined) next.via = edge(via);
  if (through !== undefined) next.through = keys(through);
  const starts = wait?.items?.starts?.map((start) => mapped(mapping, start));
  if (wait?.items && starts) next.wait = { ...wait, items: { ...wait.items, starts } };
  return next;
}

function renamed(state: RunState, mapping: NodeMapping): RunState {
  if (Object.keys(mapping).length === 0) return state;
  const keys = <T>(record: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(record).map(([node, value]) => [mapped(mapping, node), value]));
  const edge = (via: string): string => via.replace(/^[^:]*/, (node) => mapped(mapping, node));
  const next: RunState = {
    ...state,
    tokens: state.tokens.map((token) => renamedToken(token, mapping, { keys, edge })),
    outputs: keys(state.outputs),
    visits: keys(state.visits),
  };
  if (state.undoable) next.undoable = state.undoable.map((done) => ({ ...done, node: mapped(mapping, done.node) }));
  if (state.scopes) next.scopes = state.scopes.map((scope) => ({ ...scope, outputs: keys(scope.outputs), visits: keys(scope.visits) }));
  if (state.joins)
    next.joins = Object.fromEntries(
      Object.entries(state.joins).map(([key, join]) => {
        const [scope = '0', node = '', visit = '0'] = key.split(':');
        return [`${scope}:${mapped(mapping, node)}:${visit}`, { ...join, came: join.came.map(edge) }];
      }),
    );
  return next;
}

/** Forks of the new version by which a node tells rounds apart that told them by another one before, or by none. */
function staleForks(from: Plan | undefined, to: Plan, mapping: NodeMapping): Set<string> {
  const before = new Map([...(from?.actions.keys() ?? [])].map((node) => [mapped(mapping, node), from?.rounds.forkOf(node)]));
  const stale = new Set<string>();
  for (const node of to.actions.keys()) {
    const fork = to.rounds.forkOf(node);
    const old = before.get(node);
    if (fork !== undefined && (old === undefined || mapped(mapping, old) !== fork)) stale.add(fork);
  }
  return stale;
}

/**
 * Of branches that have parted at another fork some may have gone through the new one and others not: they would wait for each other in
 * rounds of their own. What is remembered of such a fork is forgotten, so that who is under way meets in one round.
 */
function withoutStaleRounds(state: RunState, stale: ReadonlySet<string>, { rounds }: Plan): RunState {
  if (stale.size === 0) return state;
  const tokens = state.tokens.map((token) =>
    token.through ? { ...token, through: Object.fromEntries(Object.entries(token.through).filter(([node]) => !stale.has(node))) } : token,
  );
  if (!state.joins) return { ...state, tokens };
  const open = Object.entries(state.joins).map(([key, join]) => {
    const [scope = '0', node = '', visit = '0'] = key.split(':');
    const fork = rounds.forkOf(node);
    return [`${scope}:${node}:${fork === undefined || stale.has(fork) ? '0' : visit}`, join] as const;
  });
  return { ...state, tokens, joins: Object.fromEntries(open) };
}

/** Where the runs of a version stand, and whether they can go on in another. */
export interface MovePlan {
  from: number;
  to: number;
  /** Runs that have not ended. */
  runs: number;
  movable: number;
  places: { node: string; title: string | null; waits: string; runs: number; movable: boolean; reason: string | null }[];
}

/** Counts runs by place, piece by piece. */
export class MoveSurvey {
  readonly #from: Plan | undefined;
  readonly #to: Plan;
  readonly #mapping: NodeMapping;
  readonly #titles: ReadonlyMap<string, string>;
  readonly #places = new Map<string, MovePlan['places'][number]>();
  #runs = 0;
  #movable = 0;

  constructor(from: Plan | undefined, to: Plan, mapping: NodeMapping, titles: ReadonlyMap<string, string>) {
    this.#from = from;
    this.#to = to;
    this.#mapping = mapping;
    this.#titles = titles;
  }

  add(run: RunRow): void {
    this.#runs++;
    const moved = moveRun(run, this.#from, this.#to, this.#mapping);
    if (moved.ok) this.#movable++;
    for (const token of run.state.tokens) {
      const waits = token.status === 'waiting' ? (token.wait?.kind ?? 'waiting') : token.status;
      const reason = moved.ok ? null : (moved.problems.find((problem) => problem.node === token.node)?.reason ?? null);
      const key = `${token.node} ${waits} ${reason}`;
      const place = this.#places.get(key) ?? {
        node: token.node,
        title: this.#titles.get(token.node) ?? null,
        waits,
        runs: 0,
        movable: reason === null,
        reason,
      };
      this.#places.set(key, { ...place, runs: place.runs + 1 });
    }
  }

  plan(fromVersion: number): MovePlan {
    const places = [...this.#places.values()].sort((a, b) => b.runs - a.runs || (a.node < b.node ? -1 : 1));
    return { from: fromVersion, to: this.#to.version, runs: this.#runs, movable: this.#movable, places };
  }
}
