/**
 * Branches that meet. A join goes by rounds. Those that have parted at one visit of the fork before the join are of a round of their own,
 * however the rounds overtake each other. `all`: everybody who can come; the round is over when nobody else can. A number: the first
 * tokens that come over so many different edges; those of the round that come later end here, and who comes over the same edge again, or
 * has been let on by this round, is of the next one and waits for it. Where fewer edges lead in than are wanted, or only one,
 * threads are counted instead of edges. Pure over the run's state.
 */
import { actionOf, goOn, keepOutput, type Progress, withdraw } from './progress.ts';
import type { JoinRound, JoinRule, Token } from './state.ts';

/** A token comes to a join. Gives the port that it leaves by, `wait`, or `absorbed` where the round has let its token on before. */
export function arrive(progress: Progress, token: Token, rule: JoinRule): 'next' | 'wait' | 'absorbed' {
  if (rule.need === 'all') return 'wait';
  const open = openRound(progress, token);
  if (open) {
    if (isOfNextRound(progress, token, open, rule.need)) return 'wait';
    if (!open.came.includes(edgeOf(token))) open.came.push(edgeOf(token));
    closeIfComplete(progress, token, open, rule.need);
    return 'absorbed';
  }
  const round = roundOf(progress, [...waitingAt(progress, token), token], rule.need);
  if (round.length < rule.need || !round.includes(token)) return 'wait';
  letOn(progress, token, round, rule);
  return 'next';
}

/** The visit of the fork of a node from which a token comes: the number of the step that let it on; 0 where the node has no fork. */
function visitOf({ plan }: Progress, { through }: Token, node: string): number {
  const fork = plan.rounds.forkOf(node);
  return through && fork !== undefined && Object.hasOwn(through, fork) ? (through[fork] ?? 0) : 0;
}

const joinKey = (progress: Progress, token: Token): string => `${token.scope ?? 0}:${token.node}:${visitOf(progress, token, token.node)}`;
const edgeOf = ({ via }: Token): string => via ?? '';

function openRound(progress: Progress, token: Token): JoinRound | undefined {
  const { state } = progress;
  const key = joinKey(progress, token);
  return state.joins && Object.hasOwn(state.joins, key) ? state.joins[key] : undefined;
}

const countsThreads = (progress: Progress, { node }: Token, need: number): boolean => {
  const { edges } = actionOf(progress, node);
  return edges < 2 || edges < need;
};

const isOfNextRound = (progress: Progress, token: Token, { by, came }: JoinRound, need: number): boolean =>
  token.through?.[token.node] === by || (!countsThreads(progress, token, need) && came.includes(edgeOf(token)));

/** Those of the tokens at a join that are of this round: the first over each edge, or all threads. */
function roundOf(progress: Progress, tokens: readonly Token[], need: number): Token[] {
  const [any] = tokens;
  if (!any || countsThreads(progress, any, need)) return [...tokens];
  return tokens.filter((token, i) => tokens.findIndex((other) => edgeOf(other) === edgeOf(token)) === i);
}

/** The token goes on for its round. The others of it end here; those on their way are cancelled, or expected. */
function letOn(progress: Progress, token: Token, round: readonly Token[], rule: JoinRule): void {
  for (const other of round) {
    if (other === token) continue;
    inherit(token, other);
    withdraw(progress, other, { status: 'done' });
  }
  token.through = { ...token.through, [token.node]: token.seq };
  if (rule.need === 'all') return;
  if (rule.rest === 'cancel') {
    for (const other of [...waitingAt(progress, token), ...othersThatReach(progress, token)])
      withdraw(progress, other, { status: 'cancelled' });
    return;
  }
  const open = { by: token.seq, came: round.map(edgeOf) };
  progress.state.joins = { ...progress.state.joins, [joinKey(progress, token)]: open };
  closeIfComplete(progress, token, open, rule.need);
}

/** Where branches become one, it has been where any of them has. */
function inherit(token: Token, other: Token): void {
  if (other.places) token.places = { ...other.places, ...token.places };
  for (const [node, by] of Object.entries(other.through ?? {}))
    token.through = { ...token.through, [node]: Math.max(by, token.through?.[node] ?? 0) };
}

/** Over every edge somebody has come: the join is ready for the next round. */
function closeIfComplete(progress: Progress, token: Token, { came }: JoinRound, need: number): void {
  const complete = !countsThreads(progress, token, need) && came.length >= actionOf(progress, token.node).edges;
  if (complete) delete progress.state.joins?.[joinKey(progress, token)];
}

/** Where a round takes place. */
interface Meeting {
  node: string;
  scope: number | undefined;
  /** Of the node's fork. */
  visit: number;
}

const meetingOf = (progress: Progress, token: Token): Meeting => ({
  node: token.node,
  scope: token.scope,
  visit: visitOf(progress, token, token.node),
});

const waitsAt = (token: Token, { node }: Meeting): boolean => token.node === node && token.wait?.kind === 'join';

/** The other tokens that wait at the same join for the same branches. */
function waitingAt(progress: Progress, token: Token): Token[] {
  const meeting = meetingOf(progress, token);
  return progress.state.tokens.filter(
    (other) =>
      other !== token &&
      waitsAt(other, meeting) &&
      other.scope === meeting.scope &&
      visitOf(progress, other, meeting.node) === meeting.visit,
  );
}

/**
 * Is the token about to enter the node, or can it come there from the same visit of the fork, on a way of its scope? One that stays for
 * the rest of its items goes nowhere.
 */
const canCome = (progress: Progress, token: Token, { node, scope, visit }: Meeting): boolean =>
  token.scope === scope &&
  token.wait?.items?.passed !== true &&
  (token.node === node || progress.plan.rounds.reaches(token.node, node)) &&
  visitOf(progress, token, node) === visit;

/** Tokens from which a way leads to this one's meeting, those that wait at it left out. */
function othersThatReach(progress: Progress, token: Token): Token[] {
  const meeting = meetingOf(progress, token);
  return progress.state.tokens.filter((other) => other !== token && !waitsAt(other, meeting) && canCome(progress, other, meeting));
}

/**
 * Ends rounds to which nobody else can come, and lets a join go that has what it needs, or to which nobody else can come. Called when
 * no token is ready; of joins that wait, one can always go, since no two reach each other within a round.
 * @returns whether a token has moved
 */
export function settleJoins(progress: Progress): boolean {
  const { state } = progress;
  for (const [key, { by }] of Object.entries(state.joins ?? {})) {
    // Runs begun by older versions have no fork in the key.
    const [scope, node = '', visit = '0'] = key.split(':');
    const meeting = { node, scope: scope === '0' ? undefined : Number(scope), visit: Number(visit) };
    const expected = state.tokens.some(
      (token) => canCome(progress, token, meeting) && token.through?.[node] !== by && !waitsAt(token, meeting),
    );
    if (!expected) delete state.joins?.[key];
  }
  const waiting = state.tokens.filter((token) => token.wait?.kind === 'join');
  const next =
    waiting.find((token) => hasEnough(progress, token)) ?? waiting.find((token) => othersThatReach(progress, token).length === 0);
  if (next) pass(progress, next);
  return next !== undefined;
}

/** Has what waits at a join of some branches become a round of its own, now that the last one is over? */
function hasEnough(progress: Progress, token: Token): boolean {
  const { need } = token.wait?.join ?? {};
  if (typeof need !== 'number' || openRound(progress, token)) return false;
  return roundOf(progress, [token, ...waitingAt(progress, token)], need).length >= need;
}

function pass(progress: Progress, token: Token): void {
  const rule = token.wait?.join ?? { need: 'all', rest: 'leave' };
  const all = [token, ...waitingAt(progress, token)];
  const round = rule.need === 'all' ? all : roundOf(progress, all, rule.need);
  const enough = rule.need === 'all' || round.length >= rule.need;
  delete progress.state.joins?.[joinKey(progress, token)];
  const output = { arrived: enough ? round.length : all.length };
  const port = enough ? 'next' : 'short';
  letOn(progress, token, enough ? round : all, enough ? rule : { need: 'all', rest: 'leave' });
  keepOutput(progress.state, token, output);
  withdraw(progress, token, { status: 'done', port, output });
  goOn(progress, token, port);
}
