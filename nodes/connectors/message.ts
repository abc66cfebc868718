/** Takes the messages of channels that have no connector of their own. */
import { Type } from 'typebox';
import type { Connector } from '../../engine/sdk.ts';
import { fingerprint, keepInMailbox, type MessageStore, readFiles } from './mailbox.ts';
import { payloadReader } from './payload.ts';

const SENDER = 'Takt';

const Payload = Type.Object({
  channel: Type.String(),
  to: Type.Array(Type.String(), { minItems: 1, maxItems: 50 }),
  subject: Type.Optional(Type.String()),
  text: Type.String(),
  attachments: Type.Optional(Type.Array(Type.String())),
});
const payloadOf = payloadReader(Payload);

/** The connector `message`: into the development mailbox, marked with the channel. Result: `{ messageId, rejected }`. */
export function messageConnector(store: MessageStore): Connector {
  return {
    name: 'message',
    async send(payload, delivery) {
      const { attachments = [], ...message } = payloadOf(payload);
      await keepInMailbox(store, { ...message, sender: SENDER }, await readFiles(store, attachments), delivery);
      return { messageId: fingerprint(delivery.key), rejected: [] };
    },
  };
}
