/** The development mailbox, where messages go that have no real way out, and the files that go with messages. */
import { createHash } from 'node:crypto';
import { asTaktError, type Delivery, TaktError } from '../../engine/sdk.ts';

/** Bytes of all files of one message. Mail servers commonly take 25 MB, and a mail is a third larger than its files. */
const MOST_BYTES = 20_000_000;

/** A message in the development mailbox. */
export interface MailboxMessage {
  effectKey: string;
  channel: string;
  sender: string;
  recipients: string[];
  subject: string | null;
  text: string | null;
  html: string | null;
  attachments: { file: string; name: string; size: number }[];
  recordId: string | null;
  runId: string | null;
}

export interface StoredFile {
  id: string;
  name: string;
  /** Media type. */
  mime: string;
  size: number;
  bytes: Uint8Array;
}

export interface MessageStore {
  /** Keeps a message; one with an `effectKey` that is there already changes nothing. */
  storeMailbox(message: MailboxMessage): Promise<void>;
  /** A file that goes with a message. Throws FILE_NOT_FOUND. */
  readFile(id: string): Promise<StoredFile>;
}

export interface OutgoingMessage {
  channel: string;
  sender: string;
  to: string[];
  subject?: string;
  text?: string;
  html?: string;
}

/** Equal for every attempt, so that the other side recognises a repetition; tells nothing about the key. */
export const fingerprint = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 40);

/** Throws FILE_NOT_FOUND, MESSAGE_ATTACHMENT; transient where the store does not answer. */
export async function readFiles({ readFile }: MessageStore, ids: readonly string[]): Promise<StoredFile[]> {
  const files: StoredFile[] = [];
  for (const id of ids) files.push(await reached(readFile(id)));
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (size <= MOST_BYTES) return files;
  throw new TaktError('MESSAGE_ATTACHMENT', { message: `The files have ${size} bytes in all; ${MOST_BYTES} can go with a message.` });
}

export async function keepInMailbox(
  { storeMailbox }: MessageStore,
  { channel, sender, to, subject, text, html }: OutgoingMessage,
  files: readonly StoredFile[],
  { key, recordId, runId }: Delivery,
): Promise<void> {
  await reached(
    storeMailbox({
      effectKey: key,
      channel,
      sender,
      recipients: to,
      subject: subject ?? null,
      text: text ?? null,
      html: html ?? null,
      attachments: files.map(({ id, name, size }) => ({ file: id, name, size })),
      recordId: recordId ?? null,
      runId,
    }),
  );
}

/** A store that does not answer now is worth another attempt. */
export async function reached<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    const error = asTaktError(thrown);
    throw error.code === 'INTERNAL' ? new TaktError('DATABASE_UNAVAILABLE', { cause: thrown, transient: true }) : error;
  }
}
