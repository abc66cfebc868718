import { Type } from 'typebox';
import { Credential, type CredentialInfo } from '../../../engine/services/credentials.ts';
import { isoOf, limitOf } from '../paging.ts';
import { Empty, Instant, PageOf, paging } from '../schemas.ts';
import type { Routes } from '../services.ts';

const CredentialView = Type.Object({ name: Type.String(), kind: Type.String(), updatedAt: Instant });
const nameParams = Type.Object({ name: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$' }) });

const view = ({ name, kind, updatedAt }: CredentialInfo) => ({ name, kind, updatedAt: isoOf(updatedAt) });

export const credentialRoutes: Routes =
  ({ credentials }) =>
  async (app) => {
    const tags = ['access'];
    const config = { scope: 'admin' } as const;

    app.get(
      '/credentials',
      {
        config,
        schema: {
          tags,
          summary: 'List credentials by name; their secrets are never given',
          querystring: Type.Object(paging),
          response: { 200: PageOf(CredentialView) },
        },
      },
      async ({ query }) => {
        const page = await credentials.page(limitOf(query), query.cursor);
        return { ...page, items: page.items.map(view) };
      },
    );

    app.put(
      '/credentials/:name',
      {
        config,
        schema: {
          tags,
          summary: 'Store a credential, replacing one of that name',
          params: nameParams,
          body: Credential,
          response: { 200: CredentialView },
        },
      },
      async ({ params, body }) => view(await credentials.put(params.name, body)),
    );

    app.delete(
      '/credentials/:name',
      { config, schema: { tags, summary: 'Delete a credential', params: nameParams, response: { 204: Empty } } },
      async ({ params }, reply) => {
        await credentials.remove(params.name);
        return reply.code(204).send(null);
      },
    );
  };
