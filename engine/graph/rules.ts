/** The settings of a workflow file, compiled to rules. */
import type { WorkflowFile } from '../../schemas/workflow.ts';
import { asTaktError, type TaktError } from '../errors/index.ts';
import { compileExpression, type Expression } from '../expression/index.ts';
import { parseDuration } from '../time/duration.ts';
import type { PlanRules } from './plan.ts';

/** @param problems gets every expression that does not parse */
export function compileRules({ settings = {} }: WorkflowFile, problems: TaktError[]): PlanRules {
  const expression = (source: string | undefined, pointer: string): Expression | undefined => {
    if (source === undefined) return undefined;
    try {
      return compileExpression(source);
    } catch (error) {
      problems.push(asTaktError(error).at({ pointer: `/settings/${pointer}` }));
      return undefined;
    }
  };
  const { reentry, throttle, dedupe, exit = [], caps = [], quiet = [] } = settings;
  const key = expression(dedupe?.key, 'dedupe/key');
  const goal = expression(settings.goal, 'goal');
  const exits = exit.map(({ outcome, when, event, topic }, i) => ({
    outcome,
    when: expression(when, `exit/${i}/when`),
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
    quiet,
  };
}

function reentryOf(reentry: NonNullable<WorkflowFile['settings']>['reentry'], when: Expression | undefined): PlanRules['reentry'] {
  if (reentry?.mode === 'after' && reentry.time !== undefined) return { mode: 'after', timeMs: parseDuration(reentry.time) };
  if (reentry?.mode === 'while' && when) return { mode: 'while', when };
  return { mode: reentry?.mode === 'once' ? 'once' : 'always' };
}
