import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTerminal, type Terminal } from './support.ts';

let terminal: Terminal;
const takt = (...argv: string[]) => terminal.takt(...argv);

beforeAll(async () => {
  terminal = await openTerminal();
});
afterAll(() => terminal.close());

describe('policies', () => {
  it('are listed', async () => {
    const { out } = await takt('policy', 'list', 'lead');
    expect(out).toMatch(/lead +1 +people_only +yes\nlead +2 +offered +yes\n/);
    expect(out).toMatch(/lead +5 +automatic +no\n/);
    expect(JSON.parse((await takt('policy', 'list', '--json')).out)).toHaveLength(10);
    expect((await takt('policy', 'list', 'task')).err).toContain('[PRIORITIES_UNDEFINED]');
  });

  it('are changed and put back, and who did it is kept', async () => {
    expect((await takt('policy', 'set', 'lead', '5', '--person', 'yes')).out).toBe('lead, priority 5: contact automatic, person yes.\n');
    const json = await takt('policy', 'set', 'lead', '5', '--contact', 'offered', '--json');
    expect(JSON.parse(json.out)).toEqual({ entity: 'lead', priority: 5, contact: 'offered', person: true });
    const [event] = (await terminal.bench.engine.events.page({ type: 'policy.changed' }, 1)).items;
    expect(event?.data).toMatchObject({ by: { kind: 'system', id: expect.stringMatching(/^cli:/) } });
    expect((await takt('policy', 'reset', 'lead', '5')).out).toBe('lead, priority 5: contact automatic, person no.\n');
  });

  it('are not changed by what does not fit', async () => {
    expect(await takt('policy', 'set', 'lead', '2')).toMatchObject({
      code: 2,
      err: expect.stringContaining('Give --contact, --person, or both.'),
    });
    expect((await takt('policy', 'set', 'lead', '2', '--contact', 'robots')).code).toBe(2);
    expect((await takt('policy', 'set', 'lead', '9', '--person', 'no')).err).toContain('[PRIORITY_INVALID]');
  });
});
