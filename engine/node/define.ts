/** Makes definitions out of what the author of a node describes. */
import type { Static, TSchema } from 'typebox';
import type { JsonObject } from '../../schemas/json.ts';
import { TaktError } from '../errors/index.ts';
import { checker } from '../schema/checker.ts';
import type { ActionDefinition, ActionSpec, Common, Described, TriggerDefinition, TriggerSpec } from './definition.ts';
import { fileSchema, resolvedSchema } from './params.ts';

function common<P extends TSchema>(spec: Described<P>): Common {
  const check = checker<JsonObject>(() => Object(fileSchema(spec.params)));
  return {
    type: spec.type,
    version: spec.version,
    family: spec.type.split('.', 1)[0] ?? spec.type,
    title: spec.title,
    description: spec.description,
    params: spec.params,
    example: spec.example,
    summary: spec.summary,
    checkSchema: check.checkSchema,
    checkFile(params) {
      const filled = structuredClone(params);
      return { params: filled, problems: check(filled) ? [] : check.problems() };
    },
  };
}

/** Makes an action out of its description. */
export function defineNode<P extends TSchema>(spec: ActionSpec<P>): ActionDefinition {
  const accepts = checker<Static<P>>(() => Object(resolvedSchema(spec.params)));
  const checked = (params: unknown): Static<P> => {
    if (accepts(params)) return params;
    const problems = accepts.problems();
    throw new TaktError('NODE_PARAMS', {
      message: problems.map((problem) => `${problem.pointer || 'parameters'}: ${problem.message}`).join('; '),
      pointer: problems[0]?.pointer,
    });
  };
  const shared = common(spec);
  const { ports, vars, resume } = spec;
  return {
    ...shared,
    kind: 'action',
    checkSchema() {
      shared.checkSchema();
      accepts.checkSchema();
    },
    output: spec.output,
    retry: spec.retry,
    ports: typeof ports === 'function' ? ports : () => ports,
    vars: (params) => vars?.(params) ?? [],
    experiment: (params) => spec.experiment?.(params),
    run: (ctx, params) => spec.run(ctx, checked(params)),
    resume(ctx, wake, memo, params) {
      if (!resume)
        throw new TaktError('INTERNAL', {
          message: `${spec.type} waits but does not say how it goes on.`,
          hint: 'Give the node a resume().',
        });
      return resume(ctx, wake, memo, () => checked(params()));
    },
  };
}

/** Makes a trigger out of its description. */
export function defineTrigger<P extends TSchema>(spec: TriggerSpec<P>): TriggerDefinition {
  return {
    ...common(spec),
    kind: 'trigger',
    subscriptions: spec.subscriptions,
    accepts: (params, event, place) => spec.accepts?.(params, event, place) ?? true,
    entity: (params) => spec.entity?.(params),
    schedule: (params, place) => spec.schedule?.(params, place),
    asks: spec.asks ?? '/where',
    watches: (params, place) => spec.watches?.(params, place) ?? [],
    watchAsks: (params, event) => spec.watchAsks?.(params, event),
    *timers(params, event, ctx, place) {
      const changes = spec.timers?.(params, event, ctx, place) ?? [];
      return 'next' in changes ? yield* changes : changes;
    },
    backfills: (params) => spec.backfills?.(params),
    count: (params) => spec.count?.(params),
  };
}
