import { Type } from 'typebox';
import type { ApiKey } from '../../../engine/services/keys.ts';
import { readScopes, SCOPES } from '../../access/scopes.ts';
import { isoOf, isoOrNull, limitOf } from '../paging.ts';
import { closed, Instant, idParams, Nullable, PageOf, paging, Uuid } from '../schemas.ts';
import type { Routes } from '../services.ts';

const KeyView = Type.Object({
  id: Uuid,
  name: Type.String(),
  scopes: Type.Array(Type.String()),
  createdAt: Instant,
  lastUsedAt: Nullable(Instant),
  revokedAt: Nullable(Instant),
});
const NewKey = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100, description: 'What it is for.' }),
    scopes: Type.Array(Type.String(), { minItems: 1, maxItems: SCOPES.length, description: `Of: ${SCOPES.join(', ')}.` }),
  },
  closed,
);

const view = (key: ApiKey) => ({
  id: key.id,
  name: key.name,
  scopes: key.scopes,
  createdAt: isoOf(key.createdAt),
  lastUsedAt: isoOrNull(key.lastUsedAt),
  revokedAt: isoOrNull(key.revokedAt),
});

export const keyRoutes: Routes =
  ({ keys }) =>
  async (app) => {
    const tags = ['access'];
    const config = { scope: 'admin' } as const;

    app.get(
      '/keys',
      {
        config,
        schema: { tags, summary: 'List API keys, newest first', querystring: Type.Object(paging), response: { 200: PageOf(KeyView) } },
      },
      async ({ query }) => {
        const page = await keys.page(limitOf(query), query.cursor);
        return { ...page, items: page.items.map(view) };
      },
    );

    app.post(
      '/keys',
      {
        config,
        schema: {
          tags,
          summary: 'Make an API key',
          body: NewKey,
          response: { 201: Type.Object({ key: KeyView, token: Type.String({ description: 'The key itself. It is shown this once.' }) }) },
        },
      },
      async ({ body }, reply) => {
        const { key, token } = await keys.create(body.name, readScopes(body.scopes));
        // No cache between here and there may keep it.
        return reply
          .code(201)
          .header('cache-control', 'no-store')
          .send({ key: view(key), token });
      },
    );

    app.delete(
      '/keys/:id',
      { config, schema: { tags, summary: 'Revoke an API key', params: idParams, response: { 200: KeyView } } },
      async ({ params }) => view(await keys.revoke(params.id)),
    );
  };
