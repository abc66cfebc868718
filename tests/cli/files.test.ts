import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Folder, openTerminal, type Terminal, temporary } from './support.ts';

let terminal: Terminal;
let folder: Folder;
beforeAll(async () => {
  terminal = await openTerminal();
  folder = await temporary();
});
afterAll(async () => {
  await terminal.close();
  await folder.remove();
});

it('lists the files that workflows have made and writes one to the disk, never over another', async () => {
  expect((await terminal.takt('files', 'list')).out).toBe('There are no files.\n');
  const bytes = Uint8Array.of(0x25, 0x50, 0, 255);
  const { id } = await terminal.bench.files.store({
    effectKey: 'run:pdf:1',
    name: 'Отчёт.pdf',
    mime: 'application/pdf',
    bytes,
    runId: crypto.randomUUID(),
    recordId: null,
  });
  expect((await terminal.takt('files', 'list')).out).toMatch(new RegExp(`${id}.*Отчёт\\.pdf +4 `));
  const [listed] = JSON.parse((await terminal.takt('files', 'list', '--json')).out);
  expect(listed).toMatchObject({ id, mime: 'application/pdf', size: 4 });
  expect(listed).not.toHaveProperty('bytes');

  const out = join(folder.path, 'report.pdf');
  expect(await terminal.takt('file', 'get', id, '--out', out)).toMatchObject({ code: 0, out: expect.stringContaining('4 bytes') });
  expect(new Uint8Array(await readFile(out))).toEqual(bytes);
  const again = await terminal.takt('file', 'get', id, '--out', out);
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining('it is there already. [FILE_UNWRITABLE]') });
});

it('tells what is missing', async () => {
  const out = join(folder.path, 'none.pdf');
  expect((await terminal.takt('file', 'get', 'x', '--out', out)).err).toContain('[FILE_NOT_FOUND]');
  expect((await terminal.takt('file', 'get', 'x')).code).toBe(2);
});
