/** The channels that messages go by, and what each of them takes. */
import { handle, mailAddress, phoneAddress } from './address.ts';

export interface Channel {
  /** Characters of its text. */
  most: number;
  /** Does it take files? */
  files: boolean;
  /** An address as it goes out; throws TaktError MESSAGE_ADDRESS. */
  address(text: string): string;
  /** The type of the record's fields that hold addresses; without one, people are written to by their own id … */
  field?: 'email' | 'phone';
  /** … unless they have a field of this name. */
  named?: string;
}

/**
 * Bounds: an SMS of 1,000 characters is up to 15 parts; telegram, whatsapp and messenger as their makers' APIs say (sendMessage 4,096, Cloud API
 * text body 4,096, Send API 2,000); slack's chat.postMessage cuts off after 40,000; a push notification has 4 KB in all.
 */
export const CHANNELS = {
  email: { most: 100_000, files: true, address: (text) => mailAddress(text), field: 'email' },
  sms: { most: 1_000, files: false, address: phoneAddress, field: 'phone' },
  whatsapp: { most: 4_096, files: true, address: phoneAddress, field: 'phone' },
  telegram: { most: 4_096, files: true, address: handle, named: 'telegram' },
  slack: { most: 40_000, files: true, address: handle },
  messenger: { most: 2_000, files: true, address: handle },
  push: { most: 1_000, files: false, address: handle },
  in_app: { most: 10_000, files: true, address: handle },
} as const satisfies Record<string, Channel>;
export type ChannelName = keyof typeof CHANNELS;

export const CHANNEL_NAMES = Object.keys(CHANNELS).filter((name): name is ChannelName => Object.hasOwn(CHANNELS, name));
