import { expect, it } from 'vitest';
import { findKey } from '../../engine/unit/find.ts';

it('a find is the same in whatever order its fields stand, also with objects made by expressions', () => {
  const made = Object.assign(Object.create(null), { entity: 'lead', id: 'x' });
  const find = (match: object) => findKey({ entity: 'task', limit: 5, match: { ...match } });
  expect(find({ status: 'open', record: made })).toBe(find({ record: made, status: 'open' }));
  expect(find({ status: 'open', record: made })).not.toBe(find({ status: 'done', record: made }));
});
