/** From the lines of a log to tickets, visits and people. */
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readLog } from '../../../examples/replay/log.ts';
import { groupsOf, peopleOf } from '../../../examples/replay/people.ts';
import { firstNamed, visitsOf } from '../../../examples/replay/visits.ts';
import { type Folder, temporary } from '../../cli/support.ts';
import { at, logOf, ticket } from './support.ts';

let folder: Folder;
beforeEach(async () => {
  folder = await temporary();
});
afterEach(() => folder.remove());

const read = async (text: string) => readLog(await folder.write('log.csv', text));

describe('a log', () => {
  it('is read packed as well; what it does not know is null', async () => {
    const text = logOf([ticket('A', '29/2/2016 09:00', [['29/2/2016 09:10', 'New', 'Desk', '?', '?']])]);
    const tickets = await readLog(await folder.write('log.csv.gz', gzipSync(text)));
    expect(tickets.get('A')).toEqual([
      {
        ticket: 'A',
        at: at('2016-02-29T09:10'),
        openedAt: at('2016-02-29T09:00'),
        createdAt: null,
        state: 'New',
        group: 'Desk',
        person: null,
      },
    ]);
  });

  it('is put in the order of its moments', async () => {
    const events = [
      ['1/3/2016 10:00', 'Active', 'Desk', 'Ann'],
      ['29/2/2016 09:00', 'New', 'Desk', '?'],
    ] as const;
    const tickets = await read(logOf([ticket('A', '29/2/2016 09:00', events)]));
    expect(tickets.get('A')?.map(({ state }) => state)).toEqual(['New', 'Active']);
  });

  it.each([
    ['another kind of moment', logOf([ticket('A', '2016-02-29', [['2016-02-29', 'New', 'Desk', '?']])]), /^Line 2: "2016-02-29"/],
    ['a missing column', 'number,opened_at\nA,29/2/2016 09:00\n', /^Line 2 has no "sys_created_at"\.$/],
    ['a row that is too short', `${logOf([])}A,New\n`, /2 values/],
  ])('with %s is refused, with the line', async (_name, text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });
});

describe('visits', () => {
  const visits = async (...events: Parameters<typeof ticket>[2]) =>
    visitsOf((await read(logOf([ticket('A', '29/2/2016 08:00', events)]))).get('A') ?? []);

  it('last from coming until being passed on or solved', async () => {
    const list = await visits(
      ['29/2/2016 09:00', 'New', 'Desk', '?', '29/2/2016 08:30'],
      ['29/2/2016 09:20', 'Active', 'Desk', 'Ann'],
      ['29/2/2016 10:00', 'Active', 'Network', 'Bob'],
      ['29/2/2016 11:00', 'Active', 'Network', 'Cid'],
      ['29/2/2016 12:00', 'Resolved', 'Network', 'Cid'],
      ['5/3/2016 12:00', 'Closed', 'Network', 'Cid'],
    );
    expect(list).toMatchObject([
      { group: 'Desk', arrivedAt: at('2016-02-29T08:30'), endedAt: at('2016-02-29T10:00'), kept: false },
      { group: 'Network', arrivedAt: at('2016-02-29T10:00'), endedAt: at('2016-02-29T12:00'), kept: false },
    ]);
    expect(list.map(({ named }) => named.map(({ person }) => person))).toEqual([['Ann'], ['Bob', 'Cid']]);
    expect(list.map(firstNamed)).toEqual([
      { person: 'Ann', at: at('2016-02-29T09:20') },
      { person: 'Bob', at: at('2016-02-29T10:00') },
    ]);
  });

  it('with a name of the group before are told apart, until the group puts one of its own', async () => {
    const list = await visits(
      ['29/2/2016 09:00', 'New', 'Desk', 'Ann'],
      ['29/2/2016 10:00', 'Active', 'Network', 'Ann'],
      ['29/2/2016 11:00', 'Active', 'Printers', 'Ann'],
      ['29/2/2016 12:00', 'Active', 'Printers', 'Bob'],
    );
    expect(list.map(({ kept, named }) => [kept, named.map(({ person }) => person)])).toEqual([
      [false, ['Ann']],
      [true, []],
      [true, ['Bob']],
    ]);
    expect(list.at(-1)?.endedAt).toBeNull();
  });

  it('are none where the log knows no group', async () => {
    expect(await visits(['29/2/2016 09:00', 'New', '?', '?'], ['29/2/2016 10:00', 'New', 'Desk', '?'])).toMatchObject([
      { group: 'Desk', arrivedAt: at('2016-02-29T10:00') },
    ]);
  });
});

describe('people', () => {
  const many = (count: number, day: number, person: string) =>
    Array.from({ length: count }, (_, i) =>
      ticket(`${person}-${day}-${i}`, `${day}/3/2016 09:00`, [
        [`${day}/3/2016 ${String(9 + (i % 8)).padStart(2, '0')}:00`, 'Active', 'Desk', person],
        [`${day}/3/2016 17:00`, 'Resolved', 'Desk', person],
        [`${day + 5}/3/2016 23:00`, 'Closed', 'Desk', person],
      ]),
    );

  it('are at work on the days and in the hours in which something happens to their tickets; what is closed by itself does not count', async () => {
    const tickets = await read(logOf([...many(16, 1, 'Ann'), ...many(16, 3, 'Ann')]));
    const [ann] = peopleOf(tickets.values(), [...tickets.values()].flatMap(visitsOf));
    const days = ann?.days.map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10));
    expect([days, ann?.from, ann?.until]).toEqual([['2016-03-01', '2016-03-03'], 9 * 60, 17 * 60]);
  });

  it('of whom little is known have the hours of all', async () => {
    const late = ticket('L', '2/3/2016 20:00', [['2/3/2016 20:00', 'Active', 'Desk', 'Bob']]);
    const tickets = await read(logOf([...many(60, 1, 'Ann'), late]));
    const bob = peopleOf(tickets.values(), []).find(({ name }) => name === 'Bob');
    expect([bob?.from, bob?.until]).toEqual([9 * 60, 17 * 60]);
  });

  it('had so many at once', async () => {
    const stay = (name: string, from: string, until: string) =>
      ticket(name, `1/3/2016 ${from}`, [
        [`1/3/2016 ${from}`, 'Active', 'Desk', 'Ann'],
        [`1/3/2016 ${until}`, 'Resolved', 'Desk', 'Ann'],
      ]);
    const log = logOf([stay('A', '09:00', '10:00'), stay('B', '10:00', '12:00'), stay('C', '11:00', '11:30'), stay('D', '13:00', '14:00')]);
    const tickets = await read(log);
    expect(peopleOf(tickets.values(), [...tickets.values()].flatMap(visitsOf))).toMatchObject([{ name: 'Ann', capacity: 2 }]);
  });

  it('belong to a group with five tickets or a tenth of its own; who has helped out does not', async () => {
    const tickets = await read(logOf([...many(40, 1, 'Ann'), ...many(5, 1, 'Bob'), ...many(4, 1, 'Cid')]));
    expect(groupsOf([...tickets.values()].flatMap(visitsOf))).toEqual([{ name: 'Desk', members: ['Ann', 'Bob'] }]);
  });
});
