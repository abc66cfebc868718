import type { Json, JsonObject } from '../../schemas/json.ts';
import { onlyKeys, own } from './objects.ts';
import { number, text } from './scalars.ts';
import { kindOf, refuse, type Site } from './site.ts';

const MAX_URL = 2_000;
const MAX_FILE_NAME = 255;
const FILE_ID = /^[A-Za-z0-9_.-]{1,200}$/;
const MEDIA_TYPE = /^[A-Za-z0-9!#$&^_.+-]{1,127}\/[A-Za-z0-9!#$&^_.+-]{1,127}$/;

/** The parts of a file reference and their checks, in the order in which they are stored. */
const PARTS: Readonly<Record<string, (value: Json, site: Site) => Json | undefined>> = {
  id: (value, site) => (typeof value === 'string' && FILE_ID.test(value) ? value : refuse(site, 'That is no id of a file.')),
  url: address,
  name: (value, site) => {
    const name = text(value, site, MAX_FILE_NAME, true);
    return name === '' ? refuse(site, 'The file has no name.') : name;
  },
  size: (value, site) => number(value, { integer: true, min: 0 }, site),
  type: (value, site) =>
    typeof value === 'string' && MEDIA_TYPE.test(value)
      ? value.toLowerCase()
      : refuse(site, 'That is no media type.', 'Give one such as application/pdf.'),
};
const KEYS: ReadonlySet<string> = new Set(Object.keys(PARTS));

/** A reference to a file that lies elsewhere: its id in a store or its address on the web, with its name. */
export function file(value: Json, site: Site): JsonObject | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return refuse(site, `A file is expected, not ${kindOf(value)}.`);
  if (!onlyKeys(value, KEYS, site)) return undefined;
  const given = (key: string): Json => own(value, key) ?? null;
  if (given('id') === null && given('url') === null) return refuse(site, 'The file has neither an id nor a URL.', 'Give one of both.');
  const kept: JsonObject = {};
  let right = true;
  for (const [key, check] of Object.entries(PARTS)) {
    if (given(key) === null && key !== 'name') continue;
    const checked = check(given(key), { ...site, pointer: `${site.pointer}/${key}` });
    if (checked === undefined) right = false;
    else kept[key] = checked;
  }
  return right ? kept : undefined;
}

function address(value: Json, site: Site): string | undefined {
  if (typeof value === 'string' && value.length <= MAX_URL && /^https?:\/\//i.test(value) && URL.canParse(value)) {
    const { href } = new URL(value);
    if (href.length <= MAX_URL) return href;
  }
  return refuse(site, 'That is no address on the web.', `Give an http or https URL of at most ${MAX_URL} characters.`);
}
