import { domainToASCII } from 'node:url';
import { parsePhoneNumber, TaktError } from '../../engine/sdk.ts';

const LOCAL = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~.-]{1,64}$/u;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const NAMED = /^([^<>]{0,200})<([^<>]{3,320})>$/;

/**
 * An address as it goes to a mail server: one line, one address, the domain in its ASCII form. Throws TaktError MESSAGE_ADDRESS.
 * @param text `name@example.com`
 */
export function mailAddress(text: string, param = 'to'): string {
  const written = text.trim();
  const at = written.lastIndexOf('@');
  const local = written.slice(0, at);
  const domain = at > 0 && written.length <= 254 ? domainToASCII(written.slice(at + 1)) : '';
  const labels = domain.split('.');
  if (labels.length >= 2 && labels.every((label) => LABEL.test(label)) && LOCAL.test(local) && !/^\.|\.\.|\.$/.test(local))
    return `${local}@${domain}`;
  const shown = JSON.stringify(text.slice(0, 80));
  throw new TaktError('MESSAGE_ADDRESS', { message: `${shown} is not one e-mail address.`, pointer: `/params/${param}` });
}

/** A sender: an address, also with a name before it, `Ann <ann@example.com>`. Throws TaktError MESSAGE_ADDRESS. */
export function senderAddress(text: string): { name: string; address: string } {
  const named = NAMED.exec(text.trim());
  if (!named) return { name: '', address: mailAddress(text, 'from') };
  return { name: oneLine(named[1] ?? '').replace(/^"(.*)"$/, '$1'), address: mailAddress(named[2] ?? '', 'from') };
}

/** A phone number with its country code as E.164: +74951234567. Throws TaktError MESSAGE_ADDRESS. */
export function phoneAddress(text: string): string {
  const found = text.length <= 64 ? parsePhoneNumber(text, { extract: false }) : undefined;
  if (found?.isValid() === true && found.ext === undefined) return found.number;
  throw new TaktError('MESSAGE_ADDRESS', {
    message: `${JSON.stringify(text.slice(0, 80))} is not one phone number.`,
    hint: 'Write it with its country code, such as +7 495 123-45-67; $normalizePhone(text, "RU") adds it.',
    pointer: '/params/to',
  });
}

const HANDLE = /^[@#]?[\p{L}\p{N}_][\p{L}\p{N}_.:-]{0,127}$|^-\d{1,20}$/u;

/** A name, a number or the id of a user or contact, by which a messenger or an app knows somebody. Throws TaktError MESSAGE_ADDRESS. */
export function handle(text: string): string {
  const written = text.trim();
  if (HANDLE.test(written)) return written;
  throw new TaktError('MESSAGE_ADDRESS', {
    message: `${JSON.stringify(text.slice(0, 80))} is neither an id nor a name that this channel knows somebody by.`,
    hint: 'Give the id of a user or contact, or a name such as @ann or #sales.',
    pointer: '/params/to',
  });
}

/** Text for a header: without line breaks and other control characters. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
