/** Does in a world what an action says, by the same ways as the API. */
import type { JsonObject } from '../../../schemas/json.ts';
import { TaktError } from '../../errors/index.ts';
import type { Change, Changed } from '../../runtime/change.ts';
import type { Author } from '../../store/schema.ts';
import { fits } from '../match.ts';
import { nameIn } from '../names.ts';
import { OUTSIDE, type World } from '../world.ts';
import type { Action, ActionTarget } from './action.ts';

/**
 * Resolves when it is committed; runs that it started have not moved yet.
 * @throws TaktError SIMULATION_NAME_UNKNOWN, SIMULATION_TARGET_NONE, SIMULATION_LIMIT, and what the engine says of it
 */
export async function perform(world: World, action: Action): Promise<void> {
  world.countInput();
  const { names, engine } = world;
  switch (action.kind) {
    case 'create': {
      const data = names.resolve(action.data);
      const done = await submit(world, { kind: 'create', entity: action.entity, data, onExisting: 'error' });
      if (action.as !== undefined && done.kind === 'record') names.give(action.as, done.record.id);
      return;
    }
    case 'update':
      await submit(world, { kind: 'update', id: await idOf(world, action.target), data: names.resolve(action.data) });
      return;
    case 'delete':
    case 'restore':
      await submit(world, { kind: action.kind, id: await idOf(world, action.target) });
      return;
    case 'event': {
      const { type, topic, target, key } = action;
      const recordId = target === undefined ? {} : { recordId: await idOf(world, target) };
      await submit(world, {
        kind: 'event',
        type,
        topic,
        data: names.resolve(action.data),
        ...recordId,
        ...(key === undefined ? {} : { key }),
      });
      return;
    }
    case 'start': {
      const { workflow, target, key } = action;
      const recordId = target === undefined ? {} : { recordId: await idOf(world, target) };
      await engine.runs.start(workflow, OUTSIDE, {
        input: names.resolve(action.input),
        ...recordId,
        ...(key === undefined ? {} : { key }),
      });
      return;
    }
    case 'complete': {
      const match = names.resolve(action.match);
      const task = world.tasks.find(match);
      if (!task) throw new TaktError('SIMULATION_TARGET_NONE', { message: `No open task has the fields ${JSON.stringify(action.match)}.` });
      return complete(world, task.id, names.resolve(action.data));
    }
  }
}

/** Its owner marks a task as done. @param data further fields, such as how it went */
export async function complete(world: World, taskId: string, data: JsonObject): Promise<void> {
  const owner = world.tasks.get(taskId)?.fields.owner;
  const author: Author = typeof owner === 'string' ? { kind: 'person', id: owner } : OUTSIDE;
  await submit(world, { kind: 'update', id: taskId, data: { ...world.taskEntity.done(world.now), ...data } }, author);
}

const submit = (world: World, change: Change, author = OUTSIDE): Promise<Changed> => world.engine.intake.submitOne(change, author);

async function idOf(world: World, target: ActionTarget): Promise<string> {
  if (typeof target !== 'string') return 'entity' in target ? found(world, target) : target.id;
  const name = nameIn(target);
  if (name !== undefined) return world.names.idOf(name);
  const slash = target.indexOf('/');
  const [entity, key] = [target.slice(0, slash), target.slice(slash + 1)];
  const record = await world.engine.records.byKey(entity, key);
  if (record) return record.id;
  throw new TaktError('SIMULATION_TARGET_NONE', { message: `There is no ${entity} with the key "${key}".` });
}

const PAGE = 200;

/** The oldest record with these fields. It looks at all of the entity: for a handful of records. */
async function found(world: World, { entity, ...fields }: { entity: string } & JsonObject): Promise<string> {
  const match = world.names.resolve(fields);
  let cursor: string | undefined;
  do {
    const page = await world.engine.records.page({ entity }, PAGE, cursor);
    const record = page.items.find((item) => fits(match, item));
    if (record) return record.id;
    cursor = page.next;
  } while (cursor !== undefined);
  throw new TaktError('SIMULATION_TARGET_NONE', { message: `There is no ${entity} with ${JSON.stringify(fields)}.` });
}
