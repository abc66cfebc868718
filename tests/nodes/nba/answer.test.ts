/** What people say to recommendations. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordView } from '../../../engine/sdk.ts';
import { ANSWERS, type Answer, answered } from '../../../nodes/nba/answer.ts';
import { refusal } from '../../support/refusal.ts';

const NOW = Date.parse('2026-03-02T22:30:00Z');
const ID = '01900000-0000-7000-8000-000000000001';
const ZONE = 'Europe/Moscow';
const TOLD = { told_at: '2026-03-02T09:00:00.000Z', told_on: '2026-03-02' };
const open = (more: object = {}): RecordView => ({ id: ID, entity: 'recommendation', deleted: false, stage: 'open', ...TOLD, ...more });
const say = (one: RecordView, answer: Answer, now = NOW): RecordView => {
  const patch = Object.entries(answered(one, answer, now, ZONE));
  const next: Record<string, unknown> = { ...one, ...Object.fromEntries(patch) };
  for (const [field, value] of patch) if (value === null) delete next[field];
  return open(next);
};
const DECLINE: Answer = { answer: 'decline', reason: 'other' };

describe('an answer', () => {
  it('is accepted, then done, on the day of the person', () => {
    const accepted = say(open(), { answer: 'accept' });
    expect(accepted).toMatchObject({ stage: 'accepted', accepted_at: '2026-03-02T22:30:00.000Z' });
    expect(say(accepted, { answer: 'done' }, NOW + 60_000)).toMatchObject({
      stage: 'done',
      accepted_at: '2026-03-02T22:30:00.000Z',
      settled_at: '2026-03-02T22:31:00.000Z',
      settled_on: '2026-03-03',
    });
  });

  it('counts it as told, where the person has found it on their own', () => {
    const found = { ...open() };
    delete found.told_at;
    delete found.told_on;
    expect(say(found, { answer: 'done' })).toMatchObject({ told_at: '2026-03-02T22:30:00.000Z', told_on: '2026-03-03' });
    expect(say(open(), { answer: 'done' })).toMatchObject(TOLD);
  });

  it('that comes second is told that it is late, and since when', () => {
    for (const first of [{ answer: 'done' }, DECLINE] as const) {
      const error = refusal(() => say(say(open(), first), { answer: 'accept' }, NOW + 1));
      expect(error.code).toBe('RECOMMENDATION_ANSWERED');
      expect(error.message).toContain('2026-03-02T22:30:00.000Z');
    }
    for (const stage of ['expired', 'replaced', 'held_out'])
      expect(refusal(() => say(open({ stage }), { answer: 'accept' })).code).toBe('RECOMMENDATION_ANSWERED');
  });

  it('that puts off, or tells of a holiday, needs a moment of the next year', () => {
    const until = NOW + 86_400_000;
    expect(say(open({ place: 2 }), { answer: 'snooze', until })).toMatchObject({
      stage: 'open',
      snoozed_until: '2026-03-03T22:30:00.000Z',
    });
    expect(say(open(), { answer: 'decline', reason: 'on_holiday', until })).toMatchObject({ suppressed_until: '2026-03-03T22:30:00.000Z' });
    const wrong: Answer[] = [
      { answer: 'snooze' },
      { answer: 'snooze', until: NOW },
      { answer: 'snooze', until: NOW + 400 * 86_400_000 },
      { answer: 'decline', reason: 'on_holiday' },
      { answer: 'decline' },
    ];
    for (const answer of wrong) expect(refusal(() => say(open(), answer)).code).toBe('RECOMMENDATION_ANSWER');
  });

  it('is taken back within a day, and not when its outcome is known', () => {
    const done = say(open(), { answer: 'done' });
    expect(say(done, { answer: 'undo' }, NOW + 86_399_999)).toEqual(open());
    expect(refusal(() => say(done, { answer: 'undo' }, NOW + 86_400_000)).code).toBe('RECOMMENDATION_ANSWERED');
    expect(refusal(() => say(open({ ...done, outcome: 'success' }), { answer: 'undo' })).code).toBe('RECOMMENDATION_ANSWERED');
    expect(refusal(() => say(open(), { answer: 'undo' })).code).toBe('RECOMMENDATION_ANSWERED');
  });

  it('taken back leaves the recommendation as it was, after any answers', () => {
    const answers = fc.record({ answer: fc.constantFrom(...ANSWERS), at: fc.nat({ max: 3_600_000 }) });
    fc.assert(
      fc.property(fc.array(answers, { maxLength: 12 }), (list) => {
        let one = open({ gain: 5 });
        let now = NOW;
        for (const { answer, at } of list) {
          now += at;
          try {
            one = say(one, { answer, reason: 'on_holiday', until: now + 86_400_000 }, now);
          } catch (thrown) {
            expect(thrown).toMatchObject({ code: 'RECOMMENDATION_ANSWERED' });
          }
        }
        if (one.stage === 'open' && one.snoozed_until === undefined) expect(one).toEqual(open({ gain: 5 }));
        else expect(say(one, { answer: 'undo' }, now)).toEqual(open({ gain: 5 }));
      }),
    );
  });
});
