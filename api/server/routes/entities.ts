import { Type } from 'typebox';
import { TaktError } from '../../../engine/index.ts';
import { recordJsonSchema } from '../../../engine/records/index.ts';
import { type EntityDefinition, NAME_PATTERN } from '../../../schemas/entity.ts';
import { AnyObject, Empty } from '../schemas.ts';
import type { Routes } from '../services.ts';

export const EntityName = Type.String({ pattern: NAME_PATTERN });
const nameParams = Type.Object({ name: EntityName });
const EntityView = Type.Object({
  definition: Type.Unsafe<EntityDefinition>({ type: 'object', additionalProperties: true, description: 'Name, title, fields, stages.' }),
});

export const entityRoutes: Routes =
  ({ engine }) =>
  async (app) => {
    const tags = ['entities'];
    const read = { scope: 'records:read' } as const;
    const define = { scope: 'admin' } as const;

    app.get(
      '/entities',
      {
        config: read,
        schema: {
          tags,
          summary: 'List entities; there are few, so all come at once',
          response: { 200: Type.Object({ items: Type.Array(EntityView) }) },
        },
      },
      async () => ({ items: (await engine.entities.registry()).list().map(({ definition }) => ({ definition })) }),
    );

    app.get(
      '/entities/:name',
      { config: read, schema: { tags, summary: 'One entity', params: nameParams, response: { 200: EntityView } } },
      async ({ params }) => ({ definition: (await engine.entities.registry()).require(params.name).definition }),
    );

    app.get(
      '/entities/:name/schema',
      {
        config: read,
        schema: {
          tags,
          summary: 'JSON Schema of its records as they are sent',
          params: nameParams,
          querystring: Type.Object({ mode: Type.Optional(Type.Enum(['create', 'update'], { default: 'create' })) }),
          response: { 200: AnyObject },
        },
      },
      async ({ params, query }) => recordJsonSchema((await engine.entities.registry()).require(params.name), query.mode ?? 'create'),
    );

    app.put(
      '/entities/:name',
      {
        config: define,
        schema: {
          tags,
          summary: 'Define a custom entity, or the custom fields of a built-in one',
          description: 'Replaces what was defined under this name. Fields of a built-in entity stay as they are.',
          params: nameParams,
          body: AnyObject,
          response: { 200: EntityView },
        },
      },
      async ({ params, body }) => {
        if (body.name !== params.name) {
          throw new TaktError('ENTITY_INVALID', { pointer: '/name', message: 'The name in the definition is not that of the address.' });
        }
        return { definition: (await engine.entities.define(body)).definition };
      },
    );

    app.delete(
      '/entities/:name',
      {
        config: define,
        schema: {
          tags,
          summary: 'Remove a custom entity without records, or the custom fields of a built-in one',
          params: nameParams,
          response: { 204: Empty },
        },
      },
      async ({ params }, reply) => {
        await engine.entities.remove(params.name);
        return reply.code(204).send(null);
      },
    );
  };
