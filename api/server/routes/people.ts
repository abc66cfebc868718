/** Users and teams, read more easily than as plain records: members come with their names. */
import { type Static, Type } from 'typebox';
import type { RecordView } from '../../../engine/node/context.ts';
import { limitOf } from '../paging.ts';
import { Nullable, PageOf, paging, Uuid } from '../schemas.ts';
import type { Routes } from '../services.ts';

const Person = Type.Object({ id: Uuid, name: Type.String(), active: Type.Boolean(), email: Nullable(Type.String()) });
const Team = Type.Object({
  id: Uuid,
  name: Type.String(),
  key: Nullable(Type.String()),
  head: Nullable(Person),
  members: Type.Array(Person),
});
const query = Type.Object({ q: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Part of a name.' })), ...paging });

const textOr = <T>(value: unknown, other: T): string | T => (typeof value === 'string' ? value : other);
const idsOf = (value: unknown): string[] => (Array.isArray(value) ? value.filter((id) => typeof id === 'string') : []);

const person = (record: RecordView): Static<typeof Person> => ({
  id: record.id,
  name: textOr(record.name, ''),
  active: record.active !== false && !record.deleted,
  email: textOr(Array.isArray(record.emails) ? record.emails[0] : undefined, null),
});

export const peopleRoutes: Routes =
  ({ engine: { records } }) =>
  async (app) => {
    const tags = ['people'];
    const config = { scope: 'records:read' } as const;
    const search = (q: string | undefined) => ({ sort: 'name', ...(q && { search: q }) }) as const;

    app.get(
      '/people',
      { config, schema: { tags, summary: 'List users by name', querystring: query, response: { 200: PageOf(Person) } } },
      async (request) => {
        const { q, cursor } = request.query;
        const page = await records.page({ entity: 'user', ...search(q) }, limitOf(request.query), cursor);
        return { ...page, items: page.items.map(person) };
      },
    );

    app.get(
      '/teams',
      { config, schema: { tags, summary: 'List teams by name, with their members', querystring: query, response: { 200: PageOf(Team) } } },
      async (request) => {
        const { q, cursor } = request.query;
        const page = await records.page({ entity: 'team', ...search(q) }, limitOf(request.query), cursor);
        // One look-up for the members of all teams of the page.
        const wanted = page.items.flatMap((team) => [...idsOf(team.members), ...idsOf([team.head])]);
        const people = new Map((await records.getMany([...new Set(wanted)])).map((record) => [record.id, person(record)]));
        const items = page.items.map((team) => ({
          id: team.id,
          name: textOr(team.name, ''),
          key: textOr(team.key, null),
          head: people.get(textOr(team.head, '')) ?? null,
          members: idsOf(team.members).flatMap((id) => people.get(id) ?? []),
        }));
        return { ...page, items };
      },
    );
  };
