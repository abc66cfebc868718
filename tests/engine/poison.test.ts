import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { defineNode, type StepContext, TaktError, Value } from '../../engine/sdk.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { onLeadCreated, openTestEngine, workflow } from './support.ts';

/** What a node of somebody else may come to in spite of its types. */
const unlikely = (value: unknown): Json => value as Json;

function circle(): Json {
  const around: Record<string, unknown> = {};
  around.around = around;
  return unlikely(around);
}

/** By name: what the node of the one run gives, and the error that this comes to. */
const poisons: Record<string, { make(ctx: StepContext): Json; mark?: string; until?: number; code: string; node?: string }> = {
  nul: { make: () => 'a\u0000b', code: 'INPUT_NUL', node: 'a' },
  'nul in a name': { make: () => ({ 'a\u0000': 1 }), code: 'INPUT_NUL', node: 'a' },
  'half a character': { make: () => ['fine', 'half \ud83d'], code: 'INPUT_INVALID', node: 'a' },
  bigint: { make: () => unlikely({ n: 10n }), code: 'INPUT_INVALID', node: 'a' },
  circle: { make: circle, code: 'INPUT_TOO_DEEP', node: 'a' },
  depth: { make: () => Array.from({ length: 20_000 }).reduce<Json>((inner) => [inner], 1), code: 'INPUT_TOO_DEEP', node: 'a' },
  'an error': {
    make: () => {
      throw new Error('broken');
    },
    code: 'INTERNAL',
    node: 'a',
  },
  nothing: {
    make: () => {
      throw undefined;
    },
    code: 'INTERNAL',
    node: 'a',
  },
  'nul in a value': {
    make(ctx) {
      ctx.setVars({ x: '\u0000' });
      return null;
    },
    code: 'INPUT_NUL',
    node: 'a',
  },
  // Written by JavaScript with six digits, which PostgreSQL reads as the year 5760.
  'a time that no calendar has': { make: () => null, until: 8.64e15, code: 'NODE_TIME', node: 'a' },
  // These only the database refuses: the statement fails, and the run is found by halving.
  'a key beyond what an index holds': {
    make: (_ctx) => null,
    mark: Array.from({ length: 9_000 }, (_, i) => (i * 7919).toString(36)).join(''),
    code: 'RUN_COMMIT_FAILED',
  },
  'nul in an event': {
    make(ctx) {
      ctx.emit('poison.made', 'a\u0000', {});
      return null;
    },
    code: 'RUN_COMMIT_FAILED',
  },
  'an id that is none': {
    make(ctx) {
      ctx.emit('poison.made', 'x', {}, 'no uuid');
      return null;
    },
    code: 'RUN_COMMIT_FAILED',
  },
};

const poisonNode = defineNode({
  type: 'test.poison',
  version: 1,
  title: 'Poison',
  description: 'Comes to what it is told.',
  params: Type.Object({ what: Value(Type.String()) }, { additionalProperties: false }),
  example: { what: 'nul' },
  summary: () => 'Poison',
  ports: ['next'],
  *run(ctx, { what }) {
    const poison = Object.hasOwn(poisons, what) ? poisons[what] : undefined;
    if (poison?.mark !== undefined) {
      yield { kind: 'marks', keys: [poison.mark] };
      ctx.setMark(poison.mark, 1);
    }
    if (poison?.until !== undefined) return { kind: 'wait', wait: { kind: 'time', until: poison.until } };
    return { kind: 'next', port: 'next', output: poison?.make(ctx) ?? null };
  },
});

describe('a run that spoils its batch fails alone, with its reason, and all others are done', () => {
  const others = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

  it.each(Object.keys(poisons))('%s', async (what) => {
    const { code, node } = poisons[what] ?? { code: '' };
    const takt = await openTestEngine('postgres', { nodes: [poisonNode] });
    await takt.publish(
      workflow(
        'w',
        {
          start: onLeadCreated,
          a: { type: 'test.poison', params: { what: '= record.company_name' } },
          b: { type: 'record.update', params: { fields: { city: 'Done' } } },
        },
        [
          ['start', 'a'],
          ['a', 'b'],
        ],
      ),
    );
    await Promise.all([...others.slice(0, 6), what, ...others.slice(6)].map((name) => takt.create('lead', { company_name: name })));
    await takt.engine.drain();
    const { items } = await takt.engine.runs.page({ workflowId: 'w' }, 50);
    expect(items.filter((run) => run.status === 'failed')).toMatchObject([
      { error: { code, message: expect.stringMatching(/./), hint: expect.stringMatching(/./), ...(node && { node }) } },
    ]);
    const leads = await takt.all('lead');
    expect(
      leads
        .filter((lead) => lead.city === 'Done')
        .map((lead) => lead.company_name)
        .sort(),
    ).toEqual([...others].sort());
    await takt.close();
  });
});

it('a timer that cannot be fired is put off, and all others are fired', async () => {
  const takt = await openTestEngine('postgres');
  await takt.publish(
    workflow(
      'w',
      { start: { type: 'trigger.schedule', params: { cron: '0 * * * *' } }, a: { type: 'data.set', params: { values: { x: 1 } } } },
      [['start', 'a']],
    ),
  );
  const { database, newId, clock } = takt.engine.ports;
  const poison = {
    id: newId(),
    kind: 'schedule' as const,
    workflowId: 'gone',
    node: 'start',
    key: '',
    recordId: null,
    dueAt: clock.now() + 1,
  };
  await database.store.upsertTimers([{ ...poison, data: { recurrence: 'none' } }]);
  await takt.pass(3_700_000);
  expect((await takt.engine.runs.page({ workflowId: 'w' }, 5)).items).toMatchObject([{ status: 'done' }]);
  expect(await database.store.nextTimerDue()).toBeGreaterThan(clock.now());
  await takt.close();
});

describe('an effect whose outcome cannot be written down', () => {
  const answers: [string, () => JsonObject, string][] = [
    ['an answer with U+0000', () => ({ body: 'a\u0000b' }), 'EFFECT_RESULT'],
    ['an answer of 20 MB', () => ({ body: 'x'.repeat(20_000_000) }), 'EFFECT_RESULT'],
    [
      'an error with U+0000',
      () => {
        throw new TaktError('HTTP_STATUS', { message: 'says \u0000 and \ud83d' });
      },
      'HTTP_STATUS',
    ],
  ];
  it.each(answers)('%s: it is sent once, and its run fails with the reason', async (_what, answer, code) => {
    let sent = 0;
    const send = async (): Promise<JsonObject> => {
      sent++;
      return answer();
    };
    const takt = await openTestEngine('postgres', { connectors: () => [{ name: 'http', send }] });
    await takt.publish(
      workflow('w', { start: onLeadCreated, a: { type: 'http.request', params: { method: 'POST', url: 'https://example.com/' } } }, [
        ['start', 'a'],
      ]),
    );
    await takt.create('lead', { company_name: 'X' });
    await takt.pass(0);
    const { items } = await takt.engine.runs.page({ workflowId: 'w' }, 5);
    expect(items).toMatchObject([{ status: 'failed', error: { code: 'EFFECT_DEAD', message: expect.stringContaining(code), node: 'a' } }]);
    expect(sent).toBe(1);
    await takt.close();
  });
});
