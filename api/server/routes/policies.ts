import { Type } from 'typebox';
import { Policy } from '../../../schemas/entity.ts';
import { closed } from '../schemas.ts';
import { authorOf, type Routes } from '../services.ts';
import { EntityName } from './entities.ts';

const { contact, person } = Policy.properties;
const described = {
  contact: Type.Unsafe<Policy['contact']>({
    ...contact,
    description: 'Who may write to the client: `people_only`, `offered` (a person accepts each message) or `automatic`.',
  }),
  person: Type.Unsafe<boolean>({ ...person, description: 'Is the record given to a person?' }),
};
const PolicyView = Type.Object({ entity: EntityName, priority: Type.Integer(), ...described });
const params = Type.Object({ entity: EntityName, priority: Type.Integer({ minimum: 0, maximum: 999 }) });

export const policyRoutes: Routes =
  ({ engine: { policies } }) =>
  async (app) => {
    const tags = ['policies'];
    const change = { scope: 'admin' } as const;

    app.get(
      '/policies',
      {
        config: { scope: 'records:read' },
        schema: {
          tags,
          summary: 'What the priorities of records allow, by entity and priority; there are few, so all come at once',
          querystring: Type.Object({ entity: Type.Optional(EntityName) }),
          response: { 200: Type.Object({ items: Type.Array(PolicyView) }) },
        },
      },
      async ({ query }) => ({ items: await policies.list(query.entity) }),
    );

    app.put(
      '/policies/:entity/:priority',
      {
        config: change,
        schema: {
          tags,
          summary: 'Say what is allowed with the records of a priority',
          description: 'What is left out stays as it is. The event `policy.changed` tells who has changed what.',
          params,
          body: Type.Partial(Type.Object(described, closed), { ...closed, minProperties: 1 }),
          response: { 200: PolicyView },
        },
      },
      (request) => policies.set(request.params.entity, request.params.priority, request.body, authorOf(request)),
    );

    app.delete(
      '/policies/:entity/:priority',
      {
        config: change,
        schema: {
          tags,
          summary: 'Put the policy of a priority back to that of Takt',
          description: 'One that Takt does not have is taken away: everything is allowed then, and `policy` is null.',
          params,
          response: { 200: Type.Object({ policy: Type.Union([PolicyView, Type.Null()]) }) },
        },
      },
      async (request) => ({ policy: await policies.reset(request.params.entity, request.params.priority, authorOf(request)) }),
    );
  };
