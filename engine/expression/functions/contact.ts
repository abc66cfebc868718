import { domainToUnicode } from 'node:url';
import { compose } from '../../text/compose.ts';
import { isPhoneCountry, parsePhoneNumber } from '../../text/phones.ts';
import { charge, chargeText } from '../budget.ts';
import { define, type Functions } from './define.ts';
import { FREE_MAIL } from './free-mail.ts';

type Text = string | undefined;

/** One @, a domain with a dot, no spaces. The only proof of an address is a mail that arrives. */
const EMAIL = /^[^\s@"<>(),:;[\]\\]{1,64}@(?:[^\s@.,]{1,63}\.){1,8}[^\s@.,\d][^\s@.,]{0,62}$/;
/** The address of a site: a scheme or none, a name or none before an @, the host. */
const SITE = /^(?:[a-z][a-z0-9+.-]{0,20}:\/\/|mailto:|\/\/)?(?:[^\s/?#@]{1,200}@)?([^\s/?#@:]{1,253})(?:[:/?#]|$)/iu;
const HOST = /^(?:[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}_-]{0,61}[\p{L}\p{M}\p{N}])?\.){1,8}\p{L}[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}]$/u;
const LONGEST_URL = 2_000;

/** E.164, or nothing if it is no valid number. A national number needs its country (two letters). */
function normalizePhone(text: Text, country: Text): Text {
  if (text === undefined) return undefined;
  charge(500);
  if (text.length > 64) return undefined;
  const code = country?.toUpperCase();
  if (code !== undefined && !isPhoneCountry(code)) return undefined;
  const phone = parsePhoneNumber(text, { defaultCountry: code });
  return phone?.isValid() === true ? phone.number : undefined;
}

function normalizeEmail(text: Text): Text {
  if (text === undefined) return undefined;
  chargeText(text);
  const address = text.trim().toLowerCase();
  return address.length <= 254 && EMAIL.test(address) ? address : undefined;
}

/** The domain of an address or of a site, in small letters, without www and in its own script; nothing where there is none. */
function domain(text: Text): Text {
  if (text === undefined) return undefined;
  if (text.length > LONGEST_URL) return undefined;
  charge(50 + (text.length >> 2));
  const host = SITE.exec(text.trim())?.[1]
    ?.toLowerCase()
    .replace(/\.$/, '')
    .replace(/^www\./, '');
  if (host === undefined || host.length > 253) return undefined;
  const shown = host.includes('xn--') ? unicode(host) : compose(host);
  return HOST.test(shown) ? shown : undefined;
}

/** A name as it was before it was made ASCII for the DNS; empty where it is no such name. */
function unicode(host: string): string {
  charge(50);
  return domainToUnicode(host);
}

function isFreeMail(text: Text): boolean | undefined {
  if (text === undefined) return undefined;
  const found = domain(text);
  return found !== undefined && FREE_MAIL.has(found);
}

/** Phone numbers, addresses and domains, told in one way. */
export const contactFunctions: Functions = {
  normalizePhone: define('<s-s?:s>', 1, normalizePhone),
  normalizeEmail: define('<s-:s>', 1, normalizeEmail),
  domain: define('<s-:s>', 1, domain),
  isFreeMail: define('<s-:b>', 1, isFreeMail),
};
