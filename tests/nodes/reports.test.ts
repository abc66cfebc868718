import { readFile } from 'node:fs/promises';
import PostalMime from 'postal-mime';
import { extractText } from 'unpdf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Files } from '../../engine/services/files.ts';
import { Mailbox } from '../../engine/services/mailbox.ts';
import { documentConnector, type MessageStore, mailConnector, messageConnector } from '../../nodes/index.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { openTestEngine, somebody, type TestEngine, workflow } from '../engine/support.ts';
import { databaseKinds } from '../support/databases.ts';
import { openPost, type Post } from './connectors/support.ts';

const DAY = 86_400_000;

/** The workflow of docs/reports.md. */
async function documented(): Promise<JsonObject> {
  const page = await readFile(new URL('../../docs/reports.md', import.meta.url), 'utf8');
  const file: JsonObject = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '');
  return file;
}

describe.each(databaseKinds)('reports on %s', (kind) => {
  let takt: TestEngine;
  let post: Post;
  let files: Files;
  let mailbox: Mailbox;

  beforeAll(async () => {
    post = await openPost();
    takt = await openTestEngine(kind, {
      connectors(ports) {
        files = new Files(ports);
        mailbox = new Mailbox(ports);
        const store: MessageStore = { storeMailbox: (message) => mailbox.store(message), readFile: (id) => files.read(id) };
        return [
          mailConnector({ ...store, smtpUrl: `smtp://127.0.0.1:${post.port}`, from: 'takt@takt.example' }),
          messageConnector(store),
          documentConnector({ storeFile: (file) => files.store(file) }),
        ];
      },
    });
  });
  afterAll(async () => {
    await takt.close();
    await post.close();
  });

  it('a report of the week comes on Monday at nine, as a PDF by mail, and is kept', async () => {
    // The clock stands at noon of a Monday in Moscow; the next report is due in 6 days and 21 hours.
    await takt.publish(await documented());
    const head = await takt.create('user', { name: 'Вера', position: 'Head of sales', emails: ['vera@takt.example'] });
    for (const deal of [
      { stage: 'proposal', amount: 1_200_000 },
      { stage: 'proposal', amount: 300_000.5 },
      { stage: 'new', amount: 50_000 },
    ])
      await takt.create('deal', { name: 'D', owner: head.id, ...deal });
    await takt.pass(6 * DAY);
    expect(post.mails).toEqual([]);
    await takt.pass(DAY);

    expect(post.mails.map(({ to }) => to)).toEqual([['vera@takt.example']]);
    const mail = await PostalMime.parse(post.mails[0]?.raw ?? '');
    expect(mail.text).toContain('Новых сделок: 3.');
    expect(mail.attachments).toMatchObject([{ filename: 'Воронка 2026-03-08.pdf', mimeType: 'application/pdf' }]);
    const content = mail.attachments[0]?.content;
    const { text, totalPages } = await extractText(new Uint8Array(content instanceof ArrayBuffer ? content : []), { mergePages: true });
    expect(totalPages).toBe(1);
    const seen = text.replace(/\s+/g, ' ');
    for (const part of ['2 марта 2026 г. – 8 марта 2026 г.', 'Proposal', '1 500 000,50 ₽', 'Итого', '1 550 000,50 ₽'])
      expect(seen).toContain(part);

    const [kept] = await takt.all('report');
    const [file] = (await files.page(10)).items;
    expect(kept).toMatchObject({
      kind: 'pipeline_weekly',
      period_from: '2026-03-01T21:00:00.000Z',
      period_to: '2026-03-08T21:00:00.000Z',
      file: { id: file?.id, name: 'Воронка 2026-03-08.pdf', size: file?.size },
      figures: { total: { deals: 3, amount: 1_550_000.5 } },
      sent_to: ['vera@takt.example'],
    });
  });

  it('a message that was sent can be waited upon as an event', async () => {
    await takt.publish(
      workflow('remind', { start: { type: 'trigger.manual' }, sms: { type: 'message.send', params: { channel: 'sms', text: 'Hello' } } }, [
        ['start', 'sms'],
      ]),
      workflow(
        'after',
        {
          start: { type: 'trigger.event', params: { event: 'message.sent', topic: 'sms' } },
          note: { type: 'record.update', params: { fields: { comment: '= event.data.node & " of " & event.data.workflow' } } },
        },
        [['start', 'note']],
      ),
    );
    const lead = await takt.create('lead', { last_name: 'Ann', phones: ['+74951234567'] });
    await takt.engine.runs.start('remind', somebody, { recordId: lead.id });
    await takt.pass(0);
    expect(await takt.read(lead.id)).toMatchObject({ comment: 'sms of remind' });
    expect((await mailbox.page({ recordId: lead.id }, 10)).items).toMatchObject([{ channel: 'sms', recipients: ['+74951234567'] }]);
  });

  it('a file is kept once for an effect, whatever the second attempt brings', async () => {
    const file = { effectKey: 'run:pdf:1', name: 'a.pdf', mime: 'application/pdf', runId: crypto.randomUUID(), recordId: null };
    const first = await files.store({ ...file, bytes: Uint8Array.of(0, 255, 10, 13) });
    const second = await files.store({ ...file, bytes: Uint8Array.of(1) });
    expect(second).toEqual(first);
    expect(new Uint8Array((await files.read(first.id)).bytes)).toEqual(Uint8Array.of(0, 255, 10, 13));
  });
});
