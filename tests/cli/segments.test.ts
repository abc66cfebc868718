import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Folder, openTerminal, type Terminal, temporary } from './support.ts';

const HOT = { id: 'hot-leads', name: 'Hot leads', entity: 'lead', rule: 'score >= 80', recheck: [{ field: 'created_at', after: 'P30D' }] };

let terminal: Terminal;
let folder: Folder;
const takt = (...argv: string[]) => terminal.takt(...argv);
const json = async (...argv: string[]) => JSON.parse((await takt(...argv, '--json')).out);
const file = (name: string, content: object) => folder.write(name, JSON.stringify(content, null, 2));

beforeAll(async () => {
  terminal = await openTerminal();
  folder = await temporary();
  const changes = [90, 10, 80].map((score) => ({
    kind: 'create' as const,
    entity: 'lead',
    data: { last_name: `L${score}`, score },
    onExisting: 'error' as const,
  }));
  await terminal.bench.engine.intake.submit(changes, { kind: 'system', id: 'test' });
});
afterAll(async () => {
  await terminal.close();
  await folder.remove();
});

describe('segments', () => {
  it('are none at first', async () => {
    expect((await takt('segment', 'list')).out).toMatch(/^There are no segments\. Define one: takt segment import/);
    expect((await takt('segment', 'show', 'hot')).err).toContain('[SEGMENT_UNKNOWN]');
  });

  it('are checked: every problem with file, line, place and the way out', async () => {
    const odd = await file('odd.json', { ...HOT, rule: 'scroe >= 80', recheck: [{ field: 'score', after: 'P1D' }] });
    const { code, out } = await takt('segment', 'validate', await file('hot.json', HOT), odd);
    expect(code).toBe(1);
    expect(out).toMatch(/hot\.json: fine\n/);
    expect(out).toMatch(/odd\.json:5: \/rule: "scroe" is not known here\. \[SCOPE_UNKNOWN\]\n {4}Did you mean "score"\?/);
    expect(out).toMatch(/odd\.json:8: \/recheck\/0\/field: "score" of lead holds no date\. \[SEGMENT_INVALID\]/);
    expect((await json('segment', 'validate', odd))[0].problems).toHaveLength(2);
    expect((await takt('segment', 'import', odd)).err).toContain('odd.json: 2 problems stand in the way of the segment.');
    expect((await takt('segment', 'validate', await folder.write('torn.json', '{\n "id":'))).out).toMatch(
      /torn\.json:2: .*\[SEGMENT_INVALID\]/,
    );
  });

  it('are imported, and who belongs to them is found and listed', async () => {
    expect(await takt('segment', 'import', `${folder.path}/hot.json`)).toMatchObject({
      code: 0,
      out: 'hot-leads is kept; 2 of 3 records of lead belong to it.\n',
    });
    expect((await takt('segment', 'list')).out).toMatch(/hot-leads +Hot leads +lead +score >= 80/);
    expect((await takt('segment', 'show', 'hot-leads')).out).toMatch(/asked again +P30D after created_at/);
    expect(await json('segment', 'show', 'hot-leads')).toEqual(HOT);
    const { out } = await takt('segment', 'members', 'hot-leads');
    expect([/L90/, /L80/, /L10/].map((name) => name.test(out))).toEqual([true, true, false]);
    expect(await json('segment', 'members', 'hot-leads', '--limit', '1')).toMatchObject([{ last_name: 'L90' }]);
    expect((await takt('segment', 'members', 'hot-leads', '--limit', '1')).err).toContain('There are more');
  });

  it('imported with --no-run are filled by the next who works; until then a look at the members says so', async () => {
    const narrow = await file('narrow.json', { ...HOT, rule: 'score > 100' });
    const { out } = await takt('segment', 'import', narrow, '--no-run');
    expect(out).toMatch(/^hot-leads is kept\. Who belongs to it is being found: takt jobs show /);
    expect((await takt('segment', 'members', 'hot-leads')).err).toContain('Who belongs to it is still being found: takt jobs show');
    await terminal.bench.engine.drain();
    expect(await takt('segment', 'members', 'hot-leads')).toMatchObject({ out: 'No record belongs to hot-leads.\n', err: '' });
    expect(await json('segment', 'import', narrow)).toMatchObject([{ definition: { id: 'hot-leads' }, members: 0 }]);
  });

  it('are removed', async () => {
    expect((await takt('segment', 'remove', 'hot-leads')).out).toBe('hot-leads is removed.\n');
    expect((await takt('segment', 'remove', 'hot-leads')).err).toContain('[SEGMENT_UNKNOWN]');
    expect((await takt('segment', 'members', 'hot-leads')).err).toContain('[SEGMENT_UNKNOWN]');
  });
});
