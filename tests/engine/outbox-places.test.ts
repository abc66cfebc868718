import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Connector, Delivery } from '../../engine/outbox/connector.ts';
import { Dispatcher } from '../../engine/outbox/dispatcher.ts';
import { memoryQueue } from '../../engine/outbox/memory-queue.ts';
import { Places } from '../../engine/outbox/places.ts';
import { serversOf } from '../../engine/outbox/server.ts';
import { Turns } from '../../engine/outbox/turns.ts';
import { timerSleeper } from '../../engine/worker/sleeper.ts';
import { workOnce } from '../../engine/worker/worker.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { openTestEngine, somebody, type TestEngine, workflow } from './support.ts';

/** Calls `https://{host}/` for each event `order.paid`. */
const calling = workflow(
  'calling',
  {
    paid: { type: 'trigger.event', params: { event: 'order.paid' } },
    tell: {
      type: 'http.request',
      params: { method: 'POST', url: "= 'https://' & event.data.host & '/'" },
      retry: { attempts: 1 },
    },
  },
  [['paid', 'tell']],
);

/** Its server `slow` answers when it is told to. */
function halfDead(atOnce?: number) {
  const answered = Promise.withResolvers<void>();
  const asked: { host: string; attempt: number }[] = [];
  const connector: Connector = {
    name: 'http',
    ...(atOnce === undefined ? {} : { atOnce }),
    async send(payload: JsonObject, { attempt, signal }: Delivery) {
      const { host } = new URL(String(payload.url));
      asked.push({ host, attempt });
      if (host === 'slow') {
        const stopped = new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));
        await Promise.race([answered.promise, stopped]);
      }
      return { status: 200 };
    },
  };
  return { connector, asked, answer: answered.resolve };
}

async function paid(takt: TestEngine, host: string, count: number): Promise<void> {
  const events = Array.from({ length: count }, () => ({ kind: 'event' as const, type: 'order.paid', topic: '', data: { host } }));
  for (const outcome of await takt.engine.intake.submit(events, somebody)) if (!outcome.ok) throw outcome.error;
}

const openEffects = async (takt: TestEngine): Promise<{ id: string; attempts: number }[]> =>
  (await takt.engine.effects.page({ status: 'pending' }, 1_000)).items;

describe('the places for deliveries', () => {
  it('are never all of one server, and whoever has none finds one while any is free', () => {
    const moves = fc.array(fc.record({ server: fc.constantFrom('a', 'b', 'c', 'd'), leaves: fc.boolean() }), { maxLength: 400 });
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), moves, (all, list) => {
        const places = new Places(all);
        const held = new Map<string, number>();
        for (const { server, leaves } of list) {
          const has = held.get(server) ?? 0;
          if (leaves) {
            if (has === 0) continue;
            places.leave(server);
            held.set(server, has - 1);
          } else if (places.free > 0 && !places.isFull(server)) {
            // As much as a take may give to one.
            const grant = places.grant;
            for (let i = 0; i < grant; i++) places.enter(server);
            held.set(server, has + grant);
          }
          const taken = [...held.values()].reduce((sum, one) => sum + one, 0);
          expect(places.free).toBe(all - taken);
          expect(places.free).toBeGreaterThanOrEqual(0);
          expect(places.isFull('newcomer')).toBe(places.free === 0);
          expect(new Set(places.full)).toEqual(new Set([...held].filter(([, n]) => n > 0 && n >= places.free).map(([name]) => name)));
        }
      }),
    );
  });

  it('go to a slow server up to half, and to others without delay', async () => {
    const { connector, asked, answer } = halfDead();
    const takt = await openTestEngine('memory', { connectors: () => [connector] });
    await takt.publish(calling);
    await takt.engine.start();
    try {
      await paid(takt, 'slow', 500);
      await vi.waitUntil(() => asked.length === 100, { timeout: 10_000 });
      await paid(takt, 'quick', 300);
      await vi.waitUntil(() => asked.filter(({ host }) => host === 'quick').length === 300, { timeout: 10_000 });
      expect(asked.filter(({ host }) => host === 'slow')).toHaveLength(100);
      answer();
      await vi.waitUntil(async () => (await openEffects(takt)).length === 0, { timeout: 10_000 });
      expect(asked).toHaveLength(800);
    } finally {
      await takt.engine.stop();
      await takt.close();
    }
  });
});

it('what waits for a full server is looked through for others only after a rest in proportion to what that costs', async () => {
  const { connector, answer } = halfDead();
  const takt = await openTestEngine('memory');
  await takt.publish(calling);
  await paid(takt, 'slow', 300);
  await workOnce(takt.engine.ports);
  let micros = 0;
  const asked: number[] = [];
  const queue = {
    ...memoryQueue(takt.clock),
    async take(limit: number, without: readonly string[]) {
      if (without.length === 0) return jobs.splice(0, limit);
      micros += 30_000;
      asked.push(micros);
      return [];
    },
  };
  const jobs = (await openEffects(takt)).map(({ id }) => ({ id, effectId: id, server: 'slow' }));
  const dispatcher = new Dispatcher({
    ports: { ...takt.engine.ports, stopwatch: () => micros },
    queue,
    connectors: [connector],
    sleeper: timerSleeper(),
    onSettled: () => {},
  });
  expect(await dispatcher.takeOnce()).toBe(100);
  expect(await dispatcher.takeOnce()).toBe(0);
  micros += 119_999;
  expect(await dispatcher.takeOnce()).toBe(0);
  expect(asked).toEqual([30_000]);
  micros += 1;
  expect(await dispatcher.takeOnce()).toBe(0);
  expect(asked).toEqual([30_000, 180_000]);
  answer();
  await dispatcher.landed();
  await takt.close();
});

it('a delivery whose turn does not come is put back, and that was no attempt', async () => {
  const { connector, asked, answer } = halfDead(1);
  const takt = await openTestEngine('memory', { connectors: () => [connector] });
  await takt.publish(calling);
  await takt.engine.start();
  try {
    await paid(takt, 'slow', 2);
    await vi.waitUntil(() => asked.length === 1, { timeout: 10_000 });
    await vi.waitUntil(async () => (await openEffects(takt)).every(({ attempts }) => attempts === 1), { timeout: 10_000 });
    await takt.engine.stop();
    expect((await openEffects(takt)).map(({ attempts }) => attempts).sort()).toEqual([0, 1]);
    answer();
    await takt.engine.start();
    await vi.waitUntil(async () => (await openEffects(takt)).length === 0, { timeout: 10_000 });
    expect(asked.map(({ attempt }) => attempt).sort()).toEqual([1, 1, 2]);
  } finally {
    await takt.engine.stop();
    await takt.close();
  }
});

describe('turns', () => {
  const never = new AbortController().signal;

  it('are given to so many at a time to the same place, in the order in which they came', async () => {
    const turns = new Turns();
    const begun: string[] = [];
    const first = Promise.withResolvers<void>();
    const at = (place: string, name: string, until?: Promise<void>) =>
      turns.at(place, 1, never, async () => {
        begun.push(name);
        await until;
        return name;
      });
    const all = [at('a', 'a1', first.promise), at('a', 'a2'), at('a', 'a3'), at('b', 'b1')];
    expect(await all[3]).toEqual({ done: 'b1' });
    expect(begun).toEqual(['a1', 'b1']);
    first.resolve();
    expect(await Promise.all(all)).toEqual([{ done: 'a1' }, { done: 'a2' }, { done: 'a3' }, { done: 'b1' }]);
    expect(begun).toEqual(['a1', 'b1', 'a2', 'a3']);
  });

  it('that do not come in time are not taken later; a turn that has begun is not taken away', async () => {
    const turns = new Turns();
    const patience = new AbortController();
    const first = Promise.withResolvers<void>();
    let second = 0;
    const begun = turns.at('a', 1, patience.signal, () => first.promise);
    const waiting = turns.at('a', 1, patience.signal, async () => second++);
    await Promise.resolve();
    patience.abort();
    expect(await waiting).toBeUndefined();
    first.resolve();
    expect(await begun).toEqual({ done: undefined });
    expect(await turns.at('a', 1, never, async () => 'free')).toEqual({ done: 'free' });
    expect(second).toBe(0);
    expect(await turns.at('a', 1, patience.signal, async () => second++)).toBeUndefined();
  });

  it('work that fails gives its turn on', async () => {
    const turns = new Turns();
    const failing = turns.at('a', 1, never, () => Promise.reject(new Error('no')));
    const next = turns.at('a', 1, never, async () => 'next');
    await expect(failing).rejects.toThrow('no');
    expect(await next).toEqual({ done: 'next' });
  });
});

it('deliveries of a connector that has one server share its places, whatever their destination', () => {
  const send = async () => ({});
  const serverOf = serversOf([
    { name: 'mail', oneServer: true, send },
    { name: 'http', send },
  ]);
  expect(serverOf({ connector: 'mail', destination: 'a.example' })).toBe(serverOf({ connector: 'mail', destination: 'b.example' }));
  expect(serverOf({ connector: 'http', destination: 'a.example' })).not.toBe(serverOf({ connector: 'http', destination: 'b.example' }));
});
