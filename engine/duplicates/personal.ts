/** Whether an address or a number belongs to one person, or one place. What a whole office answers says of two records only where they come from. */
import { parsePhoneNumber } from '../text/phones.ts';

/** Mailboxes that several people read (after RFC 2142, and what companies in Russia call theirs). */
const ROLES: ReadonlySet<string> = new Set(
  [
    'info sales office mail post contact contacts hello hi support help admin administrator webmaster postmaster hostmaster abuse noreply no-reply',
    'marketing pr hr job jobs career vacancy order orders shop store zakaz zakazy zayavka zayavki manager secretary reception secretar sekretar',
    'priemnaya buh buhgalter buhgalteria bookkeeping accounting billing finance opt snab zakupki tender supply director company all team service',
    'servis feedback press partners partner client clients test user email inbox root spam',
  ].flatMap((line) => line.split(' ')),
);

export function isPersonalEmail(address: string): boolean {
  const local = address.slice(0, address.lastIndexOf('@'));
  return !ROLES.has(local.replace(/[._-]?\d+$/, ''));
}

const PERSONAL_TYPES: ReadonlySet<string | undefined> = new Set(['MOBILE', 'FIXED_LINE_OR_MOBILE', 'PERSONAL_NUMBER']);
/** +7 999 000 00 00: typed by who does not want to give a number. */
const FILLED_UP = /(\d)\1{6}$/;

/** A mobile number. A fixed line, and one that is free of charge, is a place's. @param number E.164 */
export function isPersonalPhone(number: string): boolean {
  return !FILLED_UP.test(number) && PERSONAL_TYPES.has(parsePhoneNumber(number)?.getType());
}

const EVERYWHERE: ReadonlySet<string | undefined> = new Set(['TOLL_FREE', 'SHARED_COST', 'PREMIUM_RATE', 'UAN']);

/** A number of one place, and not one that all branches of a company have. @param number E.164 */
export function isPlacePhone(number: string): boolean {
  return !FILLED_UP.test(number) && !EVERYWHERE.has(parsePhoneNumber(number)?.getType());
}
