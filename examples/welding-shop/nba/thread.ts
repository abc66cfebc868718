/** A thread: months and mornings, one after the other. */
import { parentPort } from 'node:worker_threads';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { readShop } from '../people.ts';
import { comparedMonth, inputOf } from './compare.ts';
import { morningList } from './morning.ts';
import type { Told } from './pool.ts';
import { DAYS, PER_MONTH } from './size.ts';

const TaskSchema = Type.Union([
  Type.Object({ kind: Type.Literal('month'), seed: Type.Integer(), perMonth: Type.Integer() }),
  Type.Object({ kind: Type.Literal('morning'), seed: Type.Integer() }),
]);
/** So often of a month it is told how far it is. */
const TOLD = 50;

const tell = (told: Told): void => parentPort?.postMessage(told);
const shop = readShop();

parentPort?.on('message', async (given: unknown) => {
  const task: Static<typeof TaskSchema> = Value.Parse(TaskSchema, given);
  if (task.kind === 'morning') {
    tell({ morning: await morningList(inputOf(task.seed, { perMonth: PER_MONTH, days: DAYS, shop })) });
    return;
  }
  let last = 0;
  const month = await comparedMonth(task.seed, { perMonth: task.perMonth, days: DAYS, shop }, (share) => {
    if (share - last < 1 / TOLD) return;
    last = share;
    tell({ passed: share });
  });
  tell({ month });
});
