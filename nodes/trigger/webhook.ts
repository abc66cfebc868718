import { Type } from 'typebox';
import { Condition, defineTrigger } from '../../engine/sdk.ts';
import { brief } from '../support/summary.ts';

const Signature = Type.Object(
  {
    credential: Type.String({ minLength: 1, maxLength: 100, description: 'Name of the credential that keeps the shared secret.' }),
    scheme: Type.Enum(['standard-webhooks', 'hmac-sha256'], {
      description:
        '`standard-webhooks`: headers webhook-id, webhook-timestamp, webhook-signature. `hmac-sha256`: the hexadecimal HMAC of the raw body.',
    }),
    header: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9-]{1,100}$',
        description: 'For hmac-sha256: the header that carries the signature. Default x-signature-256.',
      }),
    ),
  },
  {
    additionalProperties: false,
    description: 'How a request proves where it comes from. Others are refused. Without it anybody may call.',
  },
);

export const webhookTrigger = defineTrigger({
  type: 'trigger.webhook',
  version: 1,
  title: 'When a webhook is called',
  description:
    'Starts a run when another system calls the address of this hook. `event.data` has `body`, `headers` and `query`. A repeated delivery with the same idempotency key starts nothing.',
  params: Type.Object(
    {
      hook: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$', description: 'Name of the hook: the last part of its address.' }),
      where: Type.Optional(Condition({ description: 'Reads `event.data.body`, `.headers` and `.query`.' })),
      signature: Type.Optional(Signature),
    },
    { additionalProperties: false },
  ),
  example: {
    hook: 'website-form',
    where: '$exists(event.data.body.email)',
    signature: { credential: 'website', scheme: 'standard-webhooks' },
  },
  summary: (params) => `Webhook ${brief(params.hook)}`,
  subscriptions: (params) => (typeof params.hook === 'string' ? [{ type: 'webhook.received', topic: params.hook }] : []),
});
