import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DriftState } from '../../engine/models/drift.ts';
import { transact } from '../../engine/runtime/transact.ts';
import { closeDeals, DEAL_WON } from '../support/closed-deals.ts';
import { type Folder, openTerminal, type Terminal, temporary } from './support.ts';

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

describe('learned models', () => {
  it('are none at first', async () => {
    expect((await takt('nba', 'list')).out).toMatch(/^There are no models\. Define one: takt nba import/);
    expect((await takt('nba', 'train', 'deal-won')).err).toContain('[MODEL_UNKNOWN]');
  });

  it('are imported, and not trained on too few outcomes: the numbers are told', async () => {
    const file = await folder.write('deal-won.json', JSON.stringify(DEAL_WON));
    expect(await takt('nba', 'import', file)).toMatchObject({ code: 0, out: 'deal-won is kept. To train it: takt nba train deal-won\n' });
    const { code, err } = await takt('nba', 'train', 'deal-won');
    expect(code).toBe(1);
    expect(err).toContain('There are 0 outcomes, 0 of them successes and 0 failures; 200 are needed, 30 of each. [TOO_LITTLE_TO_LEARN]');
    expect((await takt('nba', 'evaluate', 'deal-won')).out).toBe('deal-won has no version. Train one: takt nba train deal-won\n');
    const odd = await folder.write('odd.json', JSON.stringify({ ...DEAL_WON, entity: 'dael' }));
    expect((await takt('nba', 'import', odd)).err).toMatch(/Did you mean "deal"\?/);
  });

  it('are trained on records, and told how good they are and what was left out', async () => {
    await closeDeals(terminal.bench.engine, 400, () => undefined);
    const { code, out } = await takt('nba', 'train', 'deal-won');
    expect(code).toBe(0);
    expect(out).toMatch(/standing +live\n/);
    expect(out).toMatch(/outcomes +400, \d+ successes\n/);
    expect(out).toMatch(/against +the share of successes alone: log-loss 0\.\d{3} on 80 outcomes\n/);
    expect(out).toMatch(/left out +refusal_reason: written after the outcome in \d+ of \d+ records/);
    expect((await takt('nba', 'evaluate', 'deal-won')).out).toMatch(/1 +\d{4}-.* +400 +0\.\d{3} +0\.\d{3} +0\.\d{3} +live/);
    expect((await takt('nba', 'evaluate', 'deal-won', '--version', '1')).out).toBe(out);
    expect((await takt('nba', 'evaluate', 'deal-won', '--version', '7')).err).toContain('[MODEL_VERSION_UNKNOWN]');
    expect(await json('nba', 'evaluate', 'deal-won')).toMatchObject([{ version: 1, live: true, figures: { better: true } }]);
  });

  it('speak in simulations of the workspace, with its custom fields', async () => {
    await terminal.bench.engine.entities.define({ name: 'deal', title: 'Deal', fields: { rooms: { type: 'number', title: 'Rooms' } } });
    const scoring = {
      takt: 1,
      id: 'scoring',
      name: 'Scoring',
      nodes: {
        new_deal: { type: 'trigger.record', params: { entity: 'deal', on: ['created'], where: 'record.rooms = 3' } },
        ask: { type: 'score.model', params: { model: 'deal-won' } },
        asked: { type: 'flow.end', params: { outcome: 'by the model' } },
        cold: { type: 'flow.end', params: { outcome: 'cold' } },
      },
      edges: [
        ['new_deal', 'ask'],
        ['ask', 'asked'],
        ['ask:cold', 'cold'],
      ],
    };
    const events = [{ at: '2026-03-02T09:00:00Z', create: 'deal', data: { name: 'N', source: 'referral', rooms: 3 } }];
    const workflow = await folder.write('scoring.json', JSON.stringify(scoring));
    const input = await folder.write('events.jsonl', events.map((one) => JSON.stringify(one)).join('\n'));
    const simulate = ['simulate', '--workflows', workflow, '--events', input, '--until', 'P1D'];
    expect((await json(...simulate, '--live-models')).runs).toMatchObject([{ outcomes: { 'by the model': 1 } }]);
    // Without them the workspace is not looked at, and its fields are not known.
    expect((await takt(...simulate)).err).toContain('"record.rooms" is not known');
  });

  it('are shown as a page, with the curves of the outcomes that judged', async () => {
    const file = `${folder.path}/report.html`;
    await takt('nba', 'evaluate', 'deal-won', '--html', file, '--locale', 'ru');
    const page = await readFile(file, 'utf8');
    const [{ figures, report }] = await json('nba', 'evaluate', 'deal-won');
    expect(page).toContain('<h1>Deals that are won</h1>');
    expect(page).toContain(figures.auc.toFixed(3).replace('.', ','));
    expect(page).toContain('впервые заполнено вместе с исходом или после него');
    expect(report.curves).toMatchObject({ roc: expect.any(Array), drift: { periods: [{ rows: 80 }] } });
    expect((await takt('nba', 'evaluate', 'deal-won', '--html', `${folder.path}/no/report.html`)).err).toContain('[FILE_UNWRITABLE]');
  });

  it('say why a record has its chance', async () => {
    const deal = { kind: 'create', entity: 'deal', data: { name: 'Villa', source: 'referral' }, onExisting: 'error' } as const;
    const made = await terminal.bench.engine.intake.submitOne(deal, { kind: 'system', id: 'test' });
    const id = made.kind === 'record' ? made.record.id : '';
    expect((await takt('nba', 'explain', 'deal-won', id)).out).toMatch(
      /^Villa: \d+\.\d% by version 1 of deal-won\n {2}Source: referral – raises the chance/,
    );
    expect((await takt('nba', 'explain', 'deal-won', id, '--locale', 'ru')).out).toMatch(/Source: referral – .*повышает шанс/);
    expect(await json('nba', 'explain', 'deal-won', id)).toMatchObject({ record: id, version: 1, reasons: [{ field: 'source' }] });
  });

  it('are listed with the alarm where the live version no longer fits', async () => {
    const { engine } = terminal.bench;
    const drift: DriftState = {
      version: 1,
      at: Date.parse('2027-03-02T06:00:00Z'),
      rows: 120,
      predicted: 0.6,
      actual: 0.2,
      calibration: 'over',
      scores: { index: 0.1, verdict: 'moved' },
      columns: [],
      alarm: true,
      since: Date.parse('2027-03-01T06:00:00Z'),
    };
    const row = await engine.models.get('deal-won');
    const keep = (state: DriftState) => transact(engine.ports.database, (tx) => tx.upsertModel({ ...row, drift: state }));
    await keep(drift);
    expect((await takt('nba', 'list')).out).toContain('alarm since 2027-03-01 06:00:00: promises too much');
    expect(await json('nba', 'list')).toMatchObject([{ drift: { alarm: true, calibration: 'over' } }]);
    await keep({ ...drift, calibration: null, scores: { index: 0.4, verdict: 'shifted' } });
    expect((await takt('nba', 'list')).out).toContain('other records come');
    await keep({ ...drift, calibration: null, alarm: false, since: null });
    expect((await takt('nba', 'list')).out).toContain('none in 120 outcomes');
  });

  it('go one step back, are promoted again, and are removed', async () => {
    expect((await takt('nba', 'back', 'deal-won')).out).toBe('No version of deal-won is live; workflows go by points.\n');
    expect((await takt('nba', 'promote', 'deal-won', '1')).out).toMatch(/^Version 1 of deal-won is live\./);
    expect((await takt('nba', 'list')).out).toMatch(/deal-won +Deals that are won +deal +1/);
    expect((await takt('nba', 'remove', 'deal-won')).out).toBe('deal-won is removed.\n');
    expect((await takt('nba', 'back', 'deal-won')).err).toContain('[MODEL_UNKNOWN]');
  });
});
