import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Folder, memoryIo, openTerminal, type Terminal, temporary } from './support.ts';

const MAP = JSON.stringify({
  entity: 'lead',
  key: "= 'k' & id",
  empty: ['n/a'],
  define: { visits: { type: 'number', title: 'Visits', min: 0 } },
  fields: { first_name: 'First', last_name: 'Last', emails: 'Mail', city: 'City', visits: 'Visits' },
});
const HEAD = 'id,First,Last,Mail,City,Visits';

let terminal: Terminal;
let folder: Folder;
let map: string;

beforeAll(async () => {
  terminal = await openTerminal();
  folder = await temporary();
  map = await folder.write('map.json', MAP);
});
afterAll(async () => {
  await terminal.close();
  await folder.remove();
});

/** Each test has its own keys. */
let series = 0;
beforeEach(() => {
  series++;
});
const row = (n: number, rest: string): string => `${series}-${n},${rest}`;
const csv = (...rows: string[]): string => `${[HEAD, ...rows].join('\n')}\n`;
const importFile = (file: string, ...more: string[]) => terminal.takt('records', 'import', file, '--map', map, ...more);
const byKey = (n: number) => terminal.bench.engine.records.byKey('lead', `k${series}-${n}`);
async function badRows(file: string): Promise<{ line: number; code: string; errors?: { pointer: string }[]; row: unknown }[]> {
  return (await readFile(file, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('takt records import', () => {
  test('makes records, adds the fields that the map defines, and says what it did', async () => {
    const file = await folder.write('leads.csv', csv(row(1, 'Ada,Byron,ada@x.example,Riga,3'), row(2, '"O""Neil, Jo",Ray,,n/a,')));
    const { code, out } = await importFile(file);
    expect(out).toContain('Fields added to lead: visits.');
    expect(out).toContain('2 created, 0 updated, 0 unchanged, 0 bad.');
    expect(code).toBe(0);
    expect(await byKey(1)).toMatchObject({ name: 'Ada Byron', emails: ['ada@x.example'], city: 'Riga', visits: 3 });
    const second = await byKey(2);
    expect(second?.first_name).toBe('O"Neil, Jo');
    expect(Object.keys(second ?? {})).not.toContain('city');
  });

  test('repeated, it changes only what has changed', async () => {
    const file = await folder.write('again.csv', csv(row(1, 'Ada,Byron,,Riga,3'), row(2, 'Jo,Ray,,Oslo,1')));
    await importFile(file);
    expect((await importFile(file)).out).toContain('0 created, 0 updated, 2 unchanged, 0 bad.');
    await folder.write('again.csv', csv(row(1, 'Ada,Byron,,Riga,4'), row(2, 'Jo,Ray,,,1'), row(3, 'New,One,,,')));
    expect((await importFile(file)).out).toContain('1 created, 1 updated, 1 unchanged, 0 bad.');
    expect(await byKey(1)).toMatchObject({ visits: 4, version: 2 });
    expect(await byKey(2)).toMatchObject({ city: 'Oslo', version: 1 });
  });

  test('bad rows are kept apart with line, reason and row; the good ones are in', async () => {
    const file = await folder.write(
      'some.csv',
      csv(row(1, 'A,B,nonsense,Riga,-1'), row(2, 'C,D,,,1'), `${row(3, '')}`, ',E,F,,,', row(5, '"G"x,H,,,')),
    );
    const { code, out } = await importFile(file);
    expect(out).toContain('1 created, 0 updated, 0 unchanged, 4 bad.');
    expect(code).toBe(1);
    const bad = await badRows(`${file}.bad.jsonl`);
    expect(bad.map(({ line, code }) => [line, code]).sort()).toEqual([
      [2, 'RECORD_INVALID'],
      [4, 'IMPORT_ROW_BROKEN'],
      [5, 'IMPORT_KEY_MISSING'],
      [6, 'IMPORT_ROW_BROKEN'],
    ]);
    const first = bad.find(({ line }) => line === 2);
    expect(first?.errors?.map(({ pointer }) => pointer)).toEqual(['/emails', '/visits']);
    expect(first?.row).toMatchObject({ First: 'A', Mail: 'nonsense' });
    expect(await byKey(2)).toMatchObject({ name: 'C D' });
  });

  test('once the faults are mended, the file of bad rows is gone', async () => {
    const file = await folder.write('mended.csv', csv(row(1, 'A,B,nonsense,,')));
    await importFile(file);
    await folder.write('mended.csv', csv(row(1, 'A,B,a@x.example,,')));
    expect((await importFile(file)).code).toBe(0);
    await expect(readFile(`${file}.bad.jsonl`)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('two rows with one key are one record, the later row wins', async () => {
    const file = await folder.write('twice.csv', csv(row(1, 'Old,Name,,,1'), row(1, 'New,Name,,,2')));
    expect((await importFile(file)).out).toContain('1 created, 1 updated');
    expect(await byKey(1)).toMatchObject({ first_name: 'New', visits: 2 });
  });

  test.each([
    [
      'semicolons, a byte order mark and Windows line ends',
      (rows: string) => `\ufeff${rows.replaceAll(',', ';').replaceAll('\n', '\r\n')}`,
    ],
    ['gzip', (rows: string) => gzipSync(rows)],
  ])('reads %s', async (_name, packed) => {
    const file = await folder.write('packed.csv', packed(csv(row(1, 'Ada,Byron,,Riga,3'))));
    expect((await importFile(file)).out).toContain('1 created');
    expect(await byKey(1)).toMatchObject({ city: 'Riga' });
  });

  test.each([
    ['JSON lines', (list: object[]) => list.map((one) => JSON.stringify(one)).join('\n')],
    ['a JSON array', (list: object[]) => JSON.stringify(list, null, 2)],
  ])('reads %s, and tells of columns that no row had', async (_name, text) => {
    const file = await folder.write(
      'rows.data',
      text([
        { id: `${series}-1`, First: 'Ada', Visits: 3 },
        { id: `${series}-2`, Last: 'Ray', City: 'Oslo' },
      ]),
    );
    const { out } = await importFile(file);
    expect(out).toContain('2 created');
    expect(out).toContain('No row had: Mail.');
    expect(await byKey(1)).toMatchObject({ first_name: 'Ada', visits: 3 });
  });

  test('a dry run checks every row and writes nothing', async () => {
    const file = await folder.write('dry.csv', csv(row(1, 'A,B,nonsense,,'), row(2, 'C,D,,,1')));
    const { code, out } = await importFile(file, '--dry-run');
    expect(out).toContain('1 valid, 1 bad.');
    expect(code).toBe(1);
    expect(await byKey(2)).toBeUndefined();
  });

  test('a wrong map is told before the first row, with everything that is wrong', async () => {
    const wrong = await folder.write('wrong.json', JSON.stringify({ key: 'id', fields: { last_name: 'Lats', citty: 'City' } }));
    const file = await folder.write('fine.csv', csv(row(1, 'A,B,,,')));
    const { code, err } = await terminal.takt('records', 'import', file, '--entity', 'lead', '--map', wrong);
    expect(code).toBe(1);
    expect(err).toContain('/fields/last_name: The file has no column "Lats".');
    expect(err).toContain('Did you mean "Last"?');
    expect(err).toContain('/fields/citty: lead has no field "citty"');
    expect(err).toContain('Did you mean "city"?');
    expect(await byKey(1)).toBeUndefined();
  });

  test('a field that the map defines otherwise than it is, is told', async () => {
    const other = await folder.write(
      'other.json',
      JSON.stringify({ key: 'id', define: { city: { type: 'number', title: 'City' } }, fields: { city: 'City' } }),
    );
    const file = await folder.write('fine.csv', csv(row(1, 'A,B,,,')));
    const { err } = await terminal.takt('records', 'import', file, '--entity', 'lead', '--map', other);
    expect(err).toContain('/define/city/type: lead.city exists and is of type text, not number.');
  });

  test.each([
    ['not UTF-8', Buffer.from([0x69, 0x64, 0x0a, 0xcf, 0xf0, 0xe8]), 'IMPORT_ENCODING'],
    ['empty', '', 'IMPORT_FILE_EMPTY'],
    ['a damaged gzip', gzipSync(csv('1,2,3,4,5,6')).subarray(0, 30), 'IMPORT_FILE_BROKEN'],
  ])('a file that is %s is told with the way out', async (_name, content, told) => {
    const file = await folder.write('damaged.csv', content);
    const { code, err } = await importFile(file);
    expect(err).toContain(`[${told}]`);
    expect(code).toBe(1);
  });

  test('stopped in between, it keeps what is in and says how to go on', async () => {
    const file = await folder.write('long.csv', csv(row(1, 'A,B,,,'), row(2, 'C,D,,,')));
    const io = memoryIo();
    io.abort();
    const { code, out } = await terminal.taktWith(io, 'records', 'import', file, '--map', map);
    expect(code).toBe(130);
    expect(out).toContain('repeat the command to go on');
    expect((await importFile(file)).out).toContain('2 created');
  });

  test('never writes the bad rows over an input', async () => {
    const file = await folder.write('input.csv', csv(row(1, 'A,B,nonsense,,')));
    const { code } = await importFile(file, '--bad', file);
    expect(code).toBe(2);
    expect(await readFile(file, 'utf8')).toContain('nonsense');
  });

  test('shows who changed what, in the history of the record', async () => {
    const file = await folder.write('history.csv', csv(row(1, 'A,B,,Riga,')));
    await importFile(file);
    const record = await byKey(1);
    const { out } = await terminal.takt('record', String(record?.id));
    expect(out).toContain('created by system import');
    expect(out).toContain('city: Riga');
  });
});
