/** Other ways to choose, judged by what was recommended. */
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../engine/ports/random.ts';
import { judgeRecommendations } from '../../engine/recommendations/judge.ts';
import type { RecordRow } from '../../engine/unit/rows.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { refusal } from '../support/refusal.ts';

const row = (data: JsonObject, stage = 'done'): RecordRow => ({
  id: '01900000-0000-7000-8000-000000000001',
  entity: 'recommendation',
  key: null,
  owner: null,
  stage,
  name: '',
  sortName: '',
  search: '',
  data,
  version: 1,
  createdAt: 0,
  updatedAt: 0,
  deletedAt: null,
});

const CALL = { action: 'call', gain: 100, probability: 0.3 };
const MAIL = { action: 'mail', gain: 80, probability: 0.4 };

/** Calls were taken nine times in ten, and succeed three times in ten; mails succeed six times in ten. */
function log(count: number, more: JsonObject = {}): RecordRow[] {
  const { next } = seededRandom(1);
  return Array.from({ length: count }, () => {
    const action = next() < 0.1 ? 'mail' : 'call';
    const success = next() < (action === 'mail' ? 0.6 : 0.3);
    // Doing nothing has a chance, too, and leaves no recommendation.
    const candidates = [
      { ...CALL, chance: 0.72 },
      { ...MAIL, chance: 0.08 },
      { action: null, gain: 0, probability: 0.1, chance: 0.2 },
    ];
    const chance = action === 'mail' ? 0.08 : 0.72;
    return row({ action, chance, outcome: success ? 'success' : 'failure', earned: success ? 50 : 0, candidates, ...more });
  });
}

describe('a way to choose', () => {
  it('is judged by what was tried: always mailing would double the successes', () => {
    const judged = judgeRecommendations(log(4_000), { kind: 'always', action: 'mail' }, 'success');
    expect(judged.answer).toBe('better');
    expect(judged.logged.value).toBeCloseTo(0.33, 1);
    expect(judged.ips.interval[0]).toBeLessThan(0.6);
    expect(judged.ips.interval[1]).toBeGreaterThan(0.6);
    expect(judgeRecommendations(log(4_000), { kind: 'likeliest' }, 'success').answer).toBe('better');
  });

  it('that is nearly what was done makes no difference, and earnings may be what counts', () => {
    const judged = judgeRecommendations(log(2_000), { kind: 'best' }, 'earned');
    expect(judged.answer).not.toBe('better');
    expect(judged.logged.value).toBeGreaterThan(14);
    expect(judged.logged.value).toBeLessThan(19);
  });

  it('that was hardly tried is said to be so', () => {
    expect(judgeRecommendations(log(300), { kind: 'always', action: 'mail' }, 'success')).toMatchObject({
      answer: 'too_little',
      weaknesses: expect.arrayContaining([expect.objectContaining({ code: 'few_effective' })]),
    });
  });

  it('that was never tried is refused', () => {
    const certain = log(300).filter(({ data }) => data.action === 'call');
    const rows = certain.map(({ data }) =>
      row({
        ...data,
        chance: 1,
        candidates: [
          { ...CALL, chance: 1 },
          { ...MAIL, chance: 0 },
        ],
      }),
    );
    expect(refusal(() => judgeRecommendations(rows, { kind: 'always', action: 'mail' }, 'success')).code).toBe('POLICY_UNSUPPORTED');
  });

  it('goes only by recommendations that were chosen, told, and whose outcome is known', () => {
    const [one] = log(1);
    const data = one?.data ?? {};
    const none = [row(data, 'held_out'), row({ ...data, chance: null }), row({ ...data, outcome: null }), row({ ...data, candidates: [] })];
    const error = refusal(() => judgeRecommendations([...none, row(data)], { kind: 'best' }, 'success'));
    expect(error.code).toBe('LOGS_INVALID');
    expect(error.message).toMatch(/^1 recommendations with an outcome/);
  });
});
