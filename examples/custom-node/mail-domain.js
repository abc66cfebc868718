import { defineNode, Type, Value } from 'takt/sdk';

/** Anybody can have an address there: it says nothing about where a person works. */
const PRIVATE = new Set(['gmail.com', 'hotmail.com', 'icloud.com', 'mail.ru', 'outlook.com', 'proton.me', 'yahoo.com', 'yandex.ru']);

export const mailDomain = defineNode({
  type: 'mail.domain',
  version: 1,
  title: 'Domain of an e-mail',
  description: 'Takes the domain out of an e-mail address and tells whether it belongs to a company or to a provider of private mail.',
  params: Type.Object(
    {
      // Null as well: an expression that finds no address then leads to the port `none` instead of an error.
      email: Value(Type.Union([Type.String({ maxLength: 320 }), Type.Null()]), { description: 'The address.' }),
      writeTo: Type.Optional(
        Type.String({ pattern: '^[a-z][a-z0-9_]{0,62}$', description: "A text field of the run's record that gets a company's domain." }),
      ),
    },
    { additionalProperties: false },
  ),
  example: { email: '= record.emails[0]' },
  summary: (params) => `Domain of ${params.email ?? 'nothing'}`.replace('= ', ''),
  ports: ['company', 'private', 'none'],
  output: Type.Object({ domain: Type.Union([Type.String(), Type.Null()], { description: 'The domain in lower case, or null.' }) }),
  run(ctx, { email, writeTo }) {
    const domain = email?.includes('@') ? email.slice(email.lastIndexOf('@') + 1).toLowerCase() : '';
    if (domain === '') return { kind: 'next', port: 'none', output: { domain: null } };
    if (PRIVATE.has(domain)) return { kind: 'next', port: 'private', output: { domain } };
    if (writeTo !== undefined && ctx.record) ctx.update(ctx.record.id, { [writeTo]: domain });
    return { kind: 'next', port: 'company', output: { domain } };
  },
});
