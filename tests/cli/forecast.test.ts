import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../schemas/json.ts';
import { INCOME, importDeals } from '../support/deal-history.ts';
import { type Folder, openTerminal, type Terminal, temporary } from './support.ts';

const DAY = 86_400_000;

let terminal: Terminal;
let folder: Folder;
const takt = (...argv: string[]) => terminal.takt(...argv);
const json = async (...argv: string[]) => JSON.parse((await takt(...argv, '--json')).out);

beforeAll(async () => {
  terminal = await openTerminal();
  folder = await temporary();
});
afterAll(async () => {
  await terminal.close();
  await folder.remove();
});

describe('forecasts', () => {
  it('are none at first, and say how they are used', async () => {
    expect((await takt('forecast', 'list')).out).toBe('There are no forecasts. Define one: takt forecast import income.json\n');
    expect((await takt('forecast', 'months', 'income')).err).toContain('[FORECAST_UNKNOWN]');
    expect((await takt('forecast', 'months', '--help')).out).toContain('$ takt forecast months income --months 12 --past 6 --json');
    expect((await takt('forecast', 'months', 'income', '--months', '25')).code).toBe(2);
  });

  it('are imported, and tell no sum as long as too few deals have closed', async () => {
    const file = await folder.write('income.json', JSON.stringify(INCOME));
    expect(await takt('forecast', 'import', file)).toMatchObject({
      code: 0,
      out: 'income is kept. To ask it: takt forecast months income\n',
    });
    const { code, err } = await takt('forecast', 'months', 'income');
    expect([code, err]).toEqual([
      1,
      'Error: 0 deals have closed; a forecast needs 20. [FORECAST_COLD]\n  Wait until 20 deals have closed. Until then leads can be ranked by points; a sum of money cannot be told.\n',
    ]);
    const odd = await folder.write('odd.json', JSON.stringify({ ...INCOME, entity: 'dael' }));
    expect((await takt('forecast', 'import', odd)).err).toMatch(/Did you mean "deal"\?/);
  });

  it('tell months with teams, channels and how earlier ones came true, plans and channels', async () => {
    const { engine } = terminal.bench;
    const now = engine.ports.clock.now();
    const user = { kind: 'create', entity: 'user', data: { key: 'olga', name: 'Olga' }, onExisting: 'error' } as const;
    const made = await engine.intake.submitOne(user, { kind: 'system', id: 'test' });
    const olga = made.kind === 'record' ? made.record.id : '';
    const data = (i: number): JsonObject => (i === 7 ? { margin: -1 } : {});
    await importDeals(engine, { count: 300, from: now - 300 * DAY, until: now, now, owners: [olga], data });
    const { out } = await takt('forecast', 'months', 'income');
    expect(out).toMatch(/deals +\d+ closed, \d+ open/);
    expect(out).toMatch(/month +expected +80% lie between/);
    expect(out).toMatch(/Channels in \d{4}-\d{2}/);
    expect(out).toMatch(/together: \d+%/);
    expect(out).toContain('1 record of deal left out for a negative profit');
    const { months, past } = await json('forecast', 'months', 'income', '--months', '4', '--past', '1');
    expect([months.length, past.length]).toEqual([4, 1]);
    expect((await takt('forecast', 'plans', 'income', '--last', '--person', 'olga')).out).toMatch(/Olga +\d+ +[\d,]+ +100% +[\d,]+/);
    expect((await takt('forecast', 'channels', 'income')).out).toMatch(/referral +\d+ +[\d,]+ +[\d,]+/);
    expect((await json('forecast', 'channels', 'income', '--months', '1')).channels).toHaveLength(3);
  });

  it('are shown and removed', async () => {
    expect(JSON.parse((await takt('forecast', 'show', 'income')).out)).toEqual(INCOME);
    expect((await takt('forecast', 'remove', 'income')).out).toBe('income is removed.\n');
    expect((await takt('forecast', 'show', 'income')).err).toContain('[FORECAST_UNKNOWN]');
  });
});
