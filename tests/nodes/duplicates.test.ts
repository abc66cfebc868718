import { describe, expect, it } from 'vitest';
import { NodeBench } from '../../engine/testing.ts';
import { duplicatesNode } from '../../nodes/record/duplicates.ts';
import { mergeNode } from '../../nodes/record/merge.ts';
import { refusal } from '../support/refusal.ts';
import { left } from './support.ts';

const MOBILE = '+7 916 123-45-67';

describe('record.duplicates', () => {
  it('goes on by "sure" with the one that was there before, and tells why', () => {
    const b = new NodeBench({ locale: 'ru' });
    const first = b.create('lead', { name: 'Иван Петров', phones: MOBILE, city: 'Омск' });
    const lead = b.create('lead', { name: 'Ivan Petrov', phones: '8 916 1234567' });
    const { port, output } = left(b.run(duplicatesNode, {}, { record: lead.id }));
    expect(port).toBe('sure');
    expect(output).toMatchObject({
      id: first.id,
      count: 1,
      record: { city: 'Омск' },
      why: 'Иван Петров (100 %): Тот же телефон +79161234567. То же имя.',
      matches: [{ id: first.id, name: 'Иван Петров', sure: true, score: 1, reasons: ['phone', 'name'] }],
    });
  });

  it('of two the later one finds the earlier, unless all are asked for', () => {
    const b = new NodeBench();
    const first = b.create('lead', { name: 'Иван Петров', phones: MOBILE });
    const second = b.create('lead', { name: 'Иван Петров', phones: MOBILE });
    expect(left(b.run(duplicatesNode, {}, { record: first.id }))).toMatchObject({
      port: 'none',
      output: { id: null, record: null, count: 0, why: '' },
    });
    expect(left(b.run(duplicatesNode, { older: false }, { record: first.id })).output.id).toBe(second.id);
  });

  it('goes on by "similar" where a key is common and the names are nearly the same', () => {
    const b = new NodeBench();
    b.create('contact', { name: 'Мария Иванова', phones: '+7 495 123-45-67' });
    const lead = b.create('lead', { name: 'Марина Иванова', phones: '+7 495 123-45-67' });
    const { port, output } = left(b.run(duplicatesNode, { among: 'contact' }, { record: lead.id }));
    expect(port).toBe('similar');
    expect(output.why).toMatch(
      /^Мария Иванова \(99 %\): The same phone \+74951234567, which is not theirs alone\. Names that are 92 % alike\.$/,
    );
  });

  it('is of no use for an entity that tells no duplicates', () => {
    const b = new NodeBench();
    const deal = b.create('deal', { name: 'A' });
    expect(refusal(() => b.run(duplicatesNode, {}, { record: deal.id })).code).toBe('DUPLICATES_UNDEFINED');
  });
});

describe('record.merge', () => {
  it('merges the younger into the older, and the run goes on with that', () => {
    const b = new NodeBench();
    const first = b.create('lead', { name: 'Иван Петров' });
    const second = b.create('lead', { name: 'Ivan Petrov', city: 'Омск' });
    const task = b.create('task', { title: 'Call', record: { entity: 'lead', id: second.id } });
    const outcome = b.run(mergeNode, { with: first.id }, { record: second.id });
    expect(outcome.result).toMatchObject({ kind: 'next', port: 'next', subject: first.id });
    expect(left(outcome).output).toMatchObject({ winner: first.id, loser: second.id, changed: ['city'], links: 1 });
    expect(b.read(first.id)).toMatchObject({ city: 'Омск', deleted: false });
    expect(b.read(second.id)).toMatchObject({ deleted: true, merged_into: first.id });
    expect(b.read(task.id)).toMatchObject({ record: { entity: 'lead', id: first.id } });
    expect(outcome.events.filter(({ type }) => type === 'record.merged')).toMatchObject([
      { topic: 'lead', data: { winner: first.id, loser: second.id } },
    ]);
  });

  it('merges into the one that is named', () => {
    const b = new NodeBench();
    const first = b.create('lead', { name: 'A' });
    const second = b.create('lead', { name: 'B' });
    const outcome = b.run(mergeNode, { with: first.id, into: '= record.id' }, { record: second.id });
    expect(outcome.result).not.toHaveProperty('subject');
    expect(left(outcome).output).toMatchObject({ winner: second.id, loser: first.id });
  });

  it('refuses what cannot become one, and nothing is written', () => {
    const b = new NodeBench();
    const lead = b.create('lead', { name: 'A' });
    const contact = b.create('contact', { name: 'A' });
    const run = (params: { with: string; into?: string }) => refusal(() => b.run(mergeNode, params, { record: lead.id })).code;
    expect(run({ with: contact.id })).toBe('MERGE_INVALID');
    expect(run({ with: '= record.nothing' })).toBe('NODE_RECORD_ID');
    expect(run({ with: contact.id, into: 'x' })).toBe('MERGE_INVALID');
    expect(b.read(lead.id)).toMatchObject({ deleted: false });
  });
});
