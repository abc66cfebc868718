import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../api/cli/program.ts';
import { TaktError } from '../../engine/errors/index.ts';
import { leads } from '../../examples/leads/main.ts';
import { type Folder, memoryIo, temporary } from './support.ts';

let folder: Folder;
let file: string;
let map: string;

const MAP = {
  outcome: { column: 'Converted', success: ['yes'], failure: ['no'] },
  time: { column: 'Created' },
  columns: { Source: 'level', Occupation: 'level', 'Minutes on site': 'number' },
};

/** Without a database: to open one is an error. */
async function takt(...argv: string[]) {
  const io = memoryIo();
  const code = await runCli(argv, io, async () => {
    throw new TaktError('INTERNAL', { message: 'A CSV needs no database.' });
  });
  return { code, ...io.said };
}
const json = async (...argv: string[]) => JSON.parse((await takt(...argv, '--json')).out);
const write = (name: string, value: object) => folder.write(name, JSON.stringify(value));

/** The first rows of the example, with others behind them. */
const rows = (count: number, ...more: string[]) => [...leads().slice(0, count + 1), ...more].join('\n');

beforeAll(async () => {
  folder = await temporary();
  file = await folder.write('leads.csv', rows(900, 'L-x,2025-06-01,Reference,Working,Riga,40,,', 'L-y,2025-06-01,Chat,Student,Riga,0,,'));
  map = await write('map.json', MAP);
});
afterAll(() => folder.remove());

describe('a CSV', () => {
  it('is judged without a database, with what moves the score', async () => {
    const { code, out } = await takt('nba', 'evaluate', '--file', file, '--map', map, '--folds', '3');
    expect(code).toBe(0);
    expect(out).toMatch(/rows +900, /);
    expect(out).toMatch(/left out +2 without an outcome/);
    expect(out).toContain('What moves the score');
  });

  it('teaches a model that is kept in a file and asked of other rows, the likeliest first', async () => {
    const model = `${folder.path}/leads.model.json`;
    const trained = await takt('nba', 'train', '--file', file, '--map', map, '--out', model);
    expect(trained.out).toMatch(/model +(regression|trees)\n/);
    expect(trained.out).toContain(`The model is in ${model}`);
    const open = await folder.write(
      'open.csv',
      rows(0, 'L-1,2025-06-01,Chat,Student,Riga,0,,', 'L-2,2025-06-01,Reference,Working,Riga,40,,'),
    );
    const told = await json('nba', 'explain', '--file', open, '--model', model);
    expect(told.map(({ line }: { line: number }) => line)).toEqual([3, 2]);
    expect(told[0].probability).toBeGreaterThan(0.8);
    expect(told[1].probability).toBeLessThan(0.2);
    const { out } = await takt('nba', 'explain', '--file', open, '--model', model, '--row', '3', '--locale', 'ru');
    expect(out).toMatch(/^Line 3: 9\d\.\d %\n {2}Source: Reference – сильно повышает шанс\n/);
  });

  it('explains its open rows by those with an outcome, and a closed one by the others', async () => {
    const open = await json('nba', 'explain', '--file', file, '--map', map);
    expect(open.map(({ line }: { line: number }) => line)).toEqual([902, 903]);
    const [one] = await json('nba', 'explain', '--file', file, '--map', map, '--row', '17');
    expect(one).toMatchObject({ line: 17, probability: expect.any(Number) });
    expect((await takt('nba', 'explain', '--file', file, '--map', map, '--row', '5000')).err).toContain('[EVAL_ROW]');
  });

  it('with too few outcomes is told with its numbers, whatever is asked of it', async () => {
    const few = await folder.write('few.csv', rows(120));
    for (const command of ['train', 'evaluate', 'explain']) {
      const { code, err } = await takt('nba', command, '--file', few, '--map', map);
      expect(code).toBe(1);
      expect(err).toMatch(
        /There are 120 outcomes, \d+ of them successes and \d+ failures; 200 are needed, 30 of each\. \[TOO_LITTLE_TO_LEARN\]/,
      );
    }
  });

  it('with outcomes in the future is told which rows these are; they teach nothing', async () => {
    const future = await folder.write('future.csv', rows(300, 'L-f,2999-01-01,Chat,Student,Riga,0,Contract,yes'));
    const told = await json('nba', 'train', '--file', future, '--map', map);
    expect(told).toMatchObject({
      rows: 300,
      notes: [{ code: 'MODEL_OUTCOME_FUTURE', message: '1 rows have an outcome in the future, such as that of line 302.', line: 302 }],
    });
  });

  it('with amounts in several currencies is told; nothing is learned from them', async () => {
    const [head = '', ...lines] = leads().slice(0, 401);
    const money = (of: (i: number) => string) => [`${head},Budget`, ...lines.map((line, i) => `${line},"${of(i)}"`)].join('\n');
    const withMoney = await write('money.json', { ...MAP, columns: { ...MAP.columns, Budget: 'money' } });
    const mixed = await folder.write(
      'mixed.csv',
      money((i) => (i % 2 === 0 ? `${i} EUR` : `${i} $`)),
    );
    const told = await json('nba', 'train', '--file', mixed, '--map', withMoney);
    expect(told.notes).toMatchObject([{ code: 'MODEL_CURRENCIES', message: expect.stringContaining('EUR, USD') }]);
    expect(JSON.stringify(told.factors)).not.toContain('Budget');
    const euros = await folder.write(
      'euros.csv',
      money((i) => `${i % 9} EUR`),
    );
    const model = `${folder.path}/euros.model.json`;
    expect(await json('nba', 'train', '--file', euros, '--map', withMoney, '--out', model)).toMatchObject({ notes: [] });
    const { err } = await takt('nba', 'explain', '--file', mixed, '--model', model);
    expect(err).toMatch(/The model has learned "Budget" in EUR; here it is in USD\. \[MODEL_CURRENCIES\]/);
  });

  it('needs a map, and a model file that is one', async () => {
    expect(await takt('nba', 'train', '--file', file)).toMatchObject({ code: 2, err: expect.stringContaining('Add --map map.json') });
    expect(await takt('nba', 'evaluate')).toMatchObject({ code: 2, err: expect.stringContaining('Which model?') });
    const model = `${folder.path}/whole.model.json`;
    await takt('nba', 'train', '--file', file, '--map', map, '--out', model);
    const whole = JSON.parse(await readFile(model, 'utf8'));
    whole.model.learned.forest = {
      ranks: whole.model.bins.map(() => [0]),
      trees: [{ column: [0], upTo: [1], left: [0], right: [0], value: [0], cover: [1] }],
    };
    for (const odd of [{}, { takt_model: 1, map: MAP, currencies: {}, model: { format: 1 } }, whole]) {
      const path = await write('odd.json', odd);
      expect((await takt('nba', 'explain', '--file', file, '--model', path)).err).toContain('[EVAL_MODEL_INVALID]');
    }
  });
});
