/** Does a person have what is asked for? */
import type { RecordView } from '../../engine/sdk.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';

/** Texts are the same in any case: skills and regions are written by people. */
const same = (first: Json, second: Json): boolean =>
  typeof first === 'string' && typeof second === 'string' ? first.toLowerCase() === second.toLowerCase() : first === second;

const holds = (value: Json | undefined, wanted: Json): boolean =>
  Array.isArray(value) ? value.some((one) => same(one, wanted)) : value !== undefined && same(value, wanted);

/** The first field whose value the person has not, or does not contain; skills are asked as `hasSkill` does. Null asks for nothing. */
export const misfit = (user: RecordView, fields: Readonly<JsonObject>): string | undefined =>
  Object.entries(fields).find(([name, wanted]) => {
    if (wanted === null) return false;
    return name === 'skills' && typeof wanted === 'string' ? !hasSkill(user, wanted) : !holds(user[name], wanted);
  })?.[0];

export const fits = (user: RecordView, fields: Readonly<JsonObject>): boolean => misfit(user, fields) === undefined;

const LEVEL = /^(.+):(\d{1,2})$/s;

/** Has the person the skill, at least on its level? `welding:3` is the third level; a skill without one is on the first. */
export function hasSkill({ skills }: RecordView, wanted: string): boolean {
  if (!Array.isArray(skills)) return false;
  if (skills.some((skill) => same(skill, wanted))) return true;
  const { name, level } = skillOf(wanted);
  return skills.some((skill) => {
    if (typeof skill !== 'string') return false;
    const own = skillOf(skill);
    return own.level >= level && same(own.name, name);
  });
}

function skillOf(text: string): { name: string; level: number } {
  const [, name = text, level = '1'] = LEVEL.exec(text) ?? [];
  return { name, level: Number(level) };
}
