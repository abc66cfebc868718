import { Type } from 'typebox';
import type { MessageRow } from '../../../engine/store/queries/mailbox.ts';
import { isoOf, limitOf } from '../paging.ts';
import { Instant, idParams, Nullable, PageOf, paging, Uuid } from '../schemas.ts';
import type { Routes } from '../services.ts';

const summary = {
  id: Uuid,
  channel: Type.String(),
  sender: Type.String(),
  recipients: Type.Array(Type.String()),
  subject: Nullable(Type.String()),
  attachments: Type.Array(Type.Object({ file: Uuid, name: Type.String(), size: Type.Integer({ description: 'Bytes.' }) })),
  record: Nullable(Uuid),
  run: Nullable(Uuid),
  at: Instant,
};
const MessageSummary = Type.Object(summary);
const Message = Type.Object({ ...summary, text: Nullable(Type.String()), html: Nullable(Type.String()) });

const brief = (row: MessageRow) => ({
  id: row.id,
  channel: row.channel,
  sender: row.sender,
  recipients: row.recipients,
  subject: row.subject,
  attachments: row.attachments,
  record: row.recordId,
  run: row.runId,
  at: isoOf(row.at),
});

export const mailboxRoutes: Routes =
  ({ mailbox }) =>
  async (app) => {
    const tags = ['mailbox'];
    const config = { scope: 'mailbox:read' } as const;

    app.get(
      '/mailbox',
      {
        config,
        schema: {
          tags,
          summary: 'List kept messages, newest first, without their texts',
          querystring: Type.Object({ record: Type.Optional(Uuid), run: Type.Optional(Uuid), ...paging }),
          response: { 200: PageOf(MessageSummary) },
        },
      },
      async ({ query }) => {
        const page = await mailbox.page({ recordId: query.record, runId: query.run }, limitOf(query), query.cursor);
        return { ...page, items: page.items.map(brief) };
      },
    );

    app.get(
      '/mailbox/:id',
      { config, schema: { tags, summary: 'One message with its texts', params: idParams, response: { 200: Message } } },
      async ({ params }) => {
        const row = await mailbox.get(params.id);
        return { ...brief(row), text: row.text, html: row.html };
      },
    );
  };
