import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../engine/ports/clock.ts';
import { idMaker } from '../../engine/ports/ids.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { seededRandom } from '../../engine/ports/random.ts';
import { Credentials } from '../../engine/services/credentials.ts';
import { Keys } from '../../engine/services/keys.ts';
import { Mailbox } from '../../engine/services/mailbox.ts';
import { databaseKinds, type FreshDatabase, freshDatabase } from '../support/databases.ts';
import { id, NOW } from './rows.ts';

describe.each(databaseKinds)('on %s', (kind) => {
  const clock = new VirtualClock(NOW);
  const ports = { clock, newId: idMaker(clock, seededRandom(1)), logger: silentLogger };
  let fresh: FreshDatabase;
  beforeAll(async () => {
    fresh = await freshDatabase(kind);
  });
  afterAll(() => fresh.drop());

  it('an API key is recognised until it is revoked, and its use is noted', async () => {
    const keys = new Keys({ ...ports, database: fresh.db });
    const { key, token } = await keys.create('shop', ['admin']);
    const other = await keys.create('other', []);
    expect(await keys.authenticate(token)).toEqual(key);
    await keys.settled();
    expect((await keys.page(10)).items).toEqual([other.key, { ...key, lastUsedAt: NOW }]);
    await keys.revoke(key.id);
    expect(await keys.authenticate(token)).toBeUndefined();
    await expect(keys.revoke(id(1))).rejects.toMatchObject({ code: 'KEY_NOT_FOUND' });
  });

  it('a credential is kept, replaced, listed by name and removed', async () => {
    const credentials = new Credentials({ ...ports, database: fresh.db }, new Uint8Array(32));
    for (const name of ['b', 'a', 'c']) await credentials.put(name, { kind: 'bearer', token: 'first' });
    await credentials.put('a', { kind: 'bearer', token: 'second' });
    expect(await credentials.open('a')).toEqual({ kind: 'bearer', token: 'second' });
    const first = await credentials.page(2);
    expect([...first.items, ...(await credentials.page(2, first.next)).items].map((item) => item.name)).toEqual(['a', 'b', 'c']);
    await credentials.remove('a');
    await expect(credentials.remove('a')).rejects.toMatchObject({ code: 'CREDENTIAL_NOT_FOUND' });
  });

  it('the mailbox keeps one message an effect and finds those of a record or a run', async () => {
    const mailbox = new Mailbox({ ...ports, database: fresh.db });
    const message = { channel: 'email', sender: 's', recipients: ['r'], subject: null, text: 't', html: null, attachments: [] };
    await mailbox.store({ ...message, effectKey: 'a', recordId: id(1), runId: id(2) });
    await mailbox.store({ ...message, effectKey: 'a', recordId: id(1), runId: id(2) });
    await mailbox.store({ ...message, effectKey: 'b', recordId: id(1), runId: id(3) });
    const keysOf = async (filter: { recordId?: string; runId?: string }) =>
      (await mailbox.page(filter, 10)).items.map((item) => item.effectKey);
    expect(await keysOf({ recordId: id(1) })).toEqual(['b', 'a']);
    expect(await keysOf({ runId: id(2) })).toEqual(['a']);
    const [newest] = (await mailbox.page({}, 1)).items;
    expect(await mailbox.get(newest?.id ?? '')).toEqual(newest);
  });
});
