import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../schemas/json.ts';
import { openTerminal, type Terminal } from './support.ts';

let terminal: Terminal;
let first: string;
let second: string;
const takt = (...argv: string[]) => terminal.takt('duplicates', ...argv);

beforeAll(async () => {
  terminal = await openTerminal();
  const create = async (data: JsonObject): Promise<string> => {
    const change = { kind: 'create', entity: 'lead', data, onExisting: 'error' } as const;
    const done = await terminal.bench.engine.intake.submitOne(change, { kind: 'person', id: 'boss' });
    if (done.kind !== 'record') throw new Error('It is no record.');
    return done.record.id;
  };
  first = await create({ name: 'Иван Петров', phones: '+7 916 123-45-67' });
  second = await create({ name: 'Ivan Petrov', phones: '8 916 123-45-67', city: 'Омск' });
});
afterAll(() => terminal.close());

describe('takt duplicates', () => {
  it('finds, merges, shows and takes back', async () => {
    const { out } = await takt('find', first);
    expect(out).toMatch(new RegExp(`${second} +Ivan Petrov +sure +The same phone \\+79161234567\\. The same name\\.`));
    const merged = await takt('merge', first, second);
    expect(merged.out).toMatch(
      /^Merged\. Changed: city; 0 fields of others refer to it now\.\nTo take it back: takt duplicates undo [0-9a-f-]{36}\n$/,
    );
    const id = merged.out.trim().split(' ').at(-1) ?? '';
    expect((await takt('merges', second)).out).toContain(id);
    expect((await takt('find', first)).out).toBe('Nothing is like this record.\n');
    const undone = await takt('undo', id);
    expect(undone.out).toBe(
      `Taken back: ${second} is there again, and 0 fields of others refer to it.\nFields with their old value: city.\n`,
    );
    expect(await takt('undo', id)).toMatchObject({ code: 1, err: expect.stringContaining('[MERGE_UNDONE]') });
  });

  it('gives the same as data', async () => {
    const found = JSON.parse((await takt('find', first, '--json')).out);
    expect(found.duplicates).toMatchObject([{ record: { id: second }, sure: true, score: 1 }]);
    const merged = JSON.parse((await takt('merge', first, second, '--json')).out);
    expect(merged).toMatchObject({ winner: first, loser: second, changed: ['city'], links: 0 });
    expect(JSON.parse((await takt('merges', first, '--json')).out).merges).toHaveLength(2);
    expect(JSON.parse((await takt('undo', merged.merge, '--json')).out)).toMatchObject({ restored: ['city'], left: [] });
  });
});
