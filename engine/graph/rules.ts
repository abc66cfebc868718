/** The settings of a workflow file, compiled to rules. */
import type { WorkflowFile } from '../../schemas/workflow.ts';
import { asTaktError, type TaktError } from '../errors/index.ts';
import { compileExpression, type Expression } from '../expression/index.ts';
import type { Entity } from '../records/index.ts';
import { parseDuration } from '../time/duration.ts';
import type { PlanRules, QuietRule } from './plan.ts';
import { checkCounts, checkScope, conditionNames } from './scope.ts';
import { checkZone } from './zone.ts';

/** What a condition of a running run reads beside the record. */
const IN_RUN = ['nodes', 'vars', 'run'] as const;
const WITH_EVENT = ['event'] as const;

/**
 * @param entity that of the runs' records, where it is known
 * @param problems gets every expression that does not parse or reads what is not there
 */
export function compileRules({ settings = {} }: WorkflowFile, entity: Entity | undefined, problems: TaktError[]): PlanRules {
  const expression = (source: string | undefined, name: string, more: readonly string[] = []): Expression | undefined => {
    if (source === undefined) return undefined;
    const pointer = `/settings/${name}`;
    try {
      const compiled = compileExpression(source);
      checkScope({ pointer, expression: compiled }, conditionNames(entity, more), problems);
      checkCounts(compiled, pointer, problems);
      return compiled;
    } catch (error) {
      problems.push(asTaktError(error).at({ pointer }));
      return undefined;
    }
  };
  const { reentry, throttle, dedupe, exit = [], caps = [], quiet = [] } = settings;
  const quietRule = ({ channel, from = '', to = '', calendar, zone }: (typeof quiet)[number], name: string): QuietRule => {
    const hours = calendar === undefined ? { from, to } : { calendar };
    if (zone?.startsWith('=') === true) return { channel, hours, zone: expression(zone.slice(1), name) };
    checkZone(zone, `/settings/${name}`, problems);
    return { channel, hours, zone };
  };
  const key = expression(dedupe?.key, 'dedupe/key', WITH_EVENT);
  const goal = expression(settings.goal, 'goal', IN_RUN);
  const exits = exit.map(({ outcome, when, event, topic }, i) => ({
    outcome,
    when: expression(when, `exit/${i}/when`, event === undefined ? IN_RUN : [...IN_RUN, ...WITH_EVENT]),
    event: event === undefined ? undefined : { type: event, topic: topic ?? '*' },
  }));
  return {
    reentry: reentryOf(reentry, expression(reentry?.when, 'reentry/when')),
    concurrency: settings.concurrency ?? 'allow',
    throttle: throttle && { max: throttle.max, perMs: parseDuration(throttle.per), by: throttle.by ?? 'record' },
    dedupe: dedupe && key && { key, withinMs: parseDuration(dedupe.within) },
    pilotShare: settings.pilot?.share ?? 1,
    suppress: expression(settings.suppress, 'suppress'),
    goal,
    exits,
    asksRecord: goal !== undefined || exits.some((one) => one.event === undefined),
    caps: caps.map(({ channel, max, per }) => ({ channel, max, perMs: parseDuration(per) })),
    quiet: quiet.map((rule, i) => quietRule(rule, `quiet/${i}/zone`)),
  };
}

function reentryOf(reentry: NonNullable<WorkflowFile['settings']>['reentry'], when: Expression | undefined): PlanRules['reentry'] {
  if (reentry?.mode === 'after' && reentry.time !== undefined) return { mode: 'after', timeMs: parseDuration(reentry.time) };
  if (reentry?.mode === 'while' && when) return { mode: 'while', when };
  return { mode: reentry?.mode === 'once' ? 'once' : 'always' };
}
