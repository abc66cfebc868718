import { describe, expect, it } from 'vitest';
import { Models } from '../../engine/models/live.ts';
import { viewRecord } from '../../engine/unit/view.ts';
import { refusal } from '../support/refusal.ts';
import { BEGIN, deal, entities, WON } from './support.ts';

const record = viewRecord(deal(1, [0, { name: 'A', source: 'ads' }]).row, { entities, now: BEGIN, random: () => 0.5 });
const codeOf = (models: Models, id = WON.id) => refusal(() => models.predict(id, record, entities)).code;
const live = (more: object) => ({
  version: 1,
  definition: { ...WON, ...more },
  model: JSON.parse('{"format":1}'),
  currencies: { amount: 'RUB' },
});

describe('a model that cannot speak gives no number but says why', () => {
  it('where there is none of that name; a near one is suggested', () => {
    const error = refusal(() => new Models([{ definition: WON, live: null }]).predict('deal-wno', record, entities));
    expect([error.code, error.hint]).toEqual(['MODEL_UNKNOWN', 'Did you mean "deal-won"?']);
  });

  it('where no version is live', () => {
    expect(codeOf(new Models([{ definition: WON, live: null }]))).toBe('MODEL_COLD');
  });

  it('where the record is of another entity', () => {
    expect(codeOf(new Models([{ definition: WON, live: live({ entity: 'lead' }) }]))).toBe('MODEL_ENTITY');
  });

  it('where the entity no longer has the fields', () => {
    expect(codeOf(new Models([{ definition: WON, live: live({ fields: [{ name: 'rooms', kind: 'number' }] }) }]))).toBe(
      'MODEL_FIELDS_GONE',
    );
  });

  it('where an amount is in another currency than it has learned', () => {
    const euros = viewRecord(deal(2, [0, { name: 'B', amount: { amount: 1, currency: 'EUR' } }]).row, {
      entities,
      now: BEGIN,
      random: () => 0.5,
    });
    const error = refusal(() => new Models([{ definition: WON, live: live({}) }]).predict(WON.id, euros, entities));
    expect(error.code).toBe('MODEL_CURRENCIES');
    expect(error.message).toBe(`The model "deal-won" has learned from "amount" in RUB; of ${euros.id} it is in EUR.`);
  });

  it('where what was learned cannot be read', () => {
    expect(codeOf(new Models([{ definition: WON, live: live({}) }]))).toBe('MODEL_BROKEN');
  });
});
