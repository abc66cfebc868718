import { describe, expect, it } from 'vitest';
import { NodeBench } from '../../engine/testing.ts';
import { createNode } from '../../nodes/record/create.ts';
import { findNode } from '../../nodes/record/find.ts';
import { updateNode } from '../../nodes/record/update.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { refusal } from '../support/refusal.ts';
import { left } from './support.ts';

describe('record.create', () => {
  it('creates a record from literals and expressions', () => {
    const b = new NodeBench();
    const lead = b.create('lead', { name: 'Ann', city: 'Omsk' });
    const { output } = left(
      b.run(createNode, { entity: 'contact', fields: { name: '= record.name', source: 'lead' } }, { record: lead.id }),
    );
    expect(output.created).toBe(true);
    expect(b.read(String(output.id))).toMatchObject({ entity: 'contact', name: 'Ann', source: 'lead' });
  });

  it('leaves a field empty where its expression finds nothing', () => {
    const b = new NodeBench();
    b.run(createNode, { entity: 'contact', fields: { name: 'Ann', city: '= vars.nowhere' } });
    expect(b.list('contact')[0]).not.toHaveProperty('city');
  });

  const twice = (onExisting: string): NodeBench => {
    const b = new NodeBench();
    for (const name of ['first', 'second']) b.run(createNode, { entity: 'company', fields: { name }, key: 'acme', onExisting });
    return b;
  };

  it('makes one record for a key, and leaves it or writes into it as asked', () => {
    expect(
      twice('skip')
        .list('company')
        .map((company) => company.name),
    ).toEqual(['first']);
    expect(
      twice('update')
        .list('company')
        .map((company) => company.name),
    ).toEqual(['second']);
    expect(refusal(() => twice('error'))).toMatchObject({ code: 'NODE_KEY_TAKEN' });
  });

  it('says whether the record was there before', () => {
    const b = new NodeBench();
    const params = { entity: 'company', fields: { name: 'Acme' }, key: 'acme', onExisting: 'skip' };
    const first = left(b.run(createNode, params)).output;
    expect(left(b.run(createNode, params)).output).toEqual({ id: first.id, created: false });
  });

  it("makes it the run's record where that is wanted", () => {
    const b = new NodeBench();
    const { result } = b.run(createNode, { entity: 'deal', fields: { name: 'Deal' }, subject: true });
    expect(result).toMatchObject({ kind: 'next', subject: b.list('deal')[0]?.id });
    expect(b.run(createNode, { entity: 'deal', fields: { name: 'Deal' } }).result).not.toHaveProperty('subject');
  });

  it('keeps nothing of a record that does not fit its entity', () => {
    const b = new NodeBench();
    expect(refusal(() => b.run(createNode, { entity: 'lead', fields: { colour: 'red' } })).code).toBe('RECORD_INVALID');
    expect(b.list('lead')).toEqual([]);
  });
});

describe('record.update', () => {
  it("writes into the run's record and says what has changed", () => {
    const b = new NodeBench();
    const lead = b.create('lead', { name: 'Ann', city: 'Omsk', source: 'site' });
    const outcome = b.run(updateNode, { fields: { city: 'Perm', source: 'site', score: '= 2 * 3' } }, { record: lead.id });
    expect(left(outcome).output).toEqual({ id: lead.id, changed: ['city', 'score'] });
    expect(outcome.events.map((event) => [event.type, event.topic, event.data.changes])).toEqual([
      ['record.updated', 'lead', { city: ['Omsk', 'Perm'], score: [null, 6] }],
    ]);
  });

  it('clears a field with null, and leaves one alone whose expression finds nothing', () => {
    const b = new NodeBench();
    const lead = b.create('lead', { name: 'Ann', city: 'Omsk', source: 'site' });
    b.run(updateNode, { fields: { city: null, source: '= vars.nowhere' } }, { record: lead.id });
    expect(b.read(lead.id)).not.toHaveProperty('city');
    expect(b.read(lead.id)).toMatchObject({ source: 'site' });
  });

  it('writes into another record where one is named', () => {
    const b = new NodeBench();
    const company = b.create('company', { name: 'Acme' });
    b.run(updateNode, { record: '= nodes.find.id', fields: { name: 'Acme Ltd' } }, { nodes: { find: { id: company.id } } });
    expect(b.read(company.id)?.name).toBe('Acme Ltd');
  });

  it('tells when there is no record to write into', () => {
    const b = new NodeBench();
    const fields = { name: 'x' };
    expect(refusal(() => b.run(updateNode, { fields })).code).toBe('RUN_NO_RECORD');
    expect(refusal(() => b.run(updateNode, { record: 'lead-7', fields })).code).toBe('NODE_RECORD_ID');
    expect(refusal(() => b.run(updateNode, { record: '01a2dfed-4a80-7241-a572-e55a2ff24735', fields })).code).toBe('NODE_RECORD_ID');
  });

  it("does not fall back to the run's record where an expression found null", () => {
    const b = new NodeBench();
    const lead = b.create('lead', { name: 'Ann' });
    const options = { record: lead.id, nodes: { find: { id: null } } };
    expect(refusal(() => b.run(updateNode, { record: '= nodes.find.id', fields: { name: 'x' } }, options)).code).toBe('NODE_RECORD_ID');
    expect(b.read(lead.id)?.name).toBe('Ann');
  });

  it('does not write into a deleted record', () => {
    const b = new NodeBench();
    const lead = b.create('lead', { name: 'Ann' });
    b.remove(lead.id);
    expect(refusal(() => b.run(updateNode, { fields: { name: 'x' } }, { record: lead.id })).code).toBe('RECORD_DELETED');
  });
});

describe('record.find', () => {
  const withCompanies = (): NodeBench => {
    const b = new NodeBench();
    for (const [name, industry] of [
      ['Acme', 'steel'],
      ['Bolt', 'steel'],
      ['Corn', 'food'],
    ]) {
      b.create('company', { name: String(name), industry: String(industry) });
      b.clock.advance(1_000);
    }
    return b;
  };

  it('finds records by the values of fields, the oldest first', () => {
    const { port, output } = left(withCompanies().run(findNode, { entity: 'company', match: { industry: 'steel' }, limit: 5 }));
    expect(port).toBe('found');
    expect(output).toMatchObject({ count: 2, record: { name: 'Acme' } });
    expect(output.id).toBe(Array.isArray(output.ids) ? output.ids[0] : undefined);
  });

  it('gives one by default', () => {
    expect(left(withCompanies().run(findNode, { entity: 'company', match: { industry: 'steel' } })).output.count).toBe(1);
  });

  it('goes by none where there is nothing', () => {
    const { port, output } = left(withCompanies().run(findNode, { entity: 'company', match: { industry: 'ice' }, subject: true }));
    expect({ port, output }).toEqual({ port: 'none', output: { id: null, ids: [], count: 0, record: null } });
  });

  it('finds the record that a reference leads to', () => {
    const b = new NodeBench();
    const contact = b.create('contact', { name: 'Ann' });
    const deal = b.create('deal', { name: 'Offer', contact: contact.id });
    const found = left(b.run(findNode, { entity: 'contact', id: '= record.contact' }, { record: deal.id }));
    expect(found).toMatchObject({ port: 'found', output: { id: contact.id, count: 1, record: { name: 'Ann' } } });
    expect(left(b.run(findNode, { entity: 'company', id: '= record.contact' }, { record: deal.id })).port).toBe('none');
    expect(left(b.run(findNode, { entity: 'contact', id: '= record.lead' }, { record: deal.id })).port).toBe('none');
  });

  it('wants either an id or values', () => {
    const problems = (params: JsonObject) => findNode.checkFile({ entity: 'contact', ...params }).problems.length;
    expect([problems({}), problems({ id: 'x', match: { name: 'Ann' } }), problems({ id: 'x' })].map((count) => count > 0)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('finds by an item of a list', () => {
    const b = new NodeBench();
    const lead = b.create('lead', { name: 'Ann', emails: ['ann@a.example', 'ann@b.example'] });
    expect(left(b.run(findNode, { entity: 'lead', match: { emails: 'ann@b.example' } })).output.id).toBe(lead.id);
  });

  it("makes the first the run's record where that is wanted", () => {
    const b = withCompanies();
    expect(b.run(findNode, { entity: 'company', match: { name: 'Corn' }, subject: true }).result).toMatchObject({
      subject: b.list('company')[2]?.id,
    });
  });

  it('finds nothing at all by an expression without a result', () => {
    expect(withCompanies().run(findNode, { entity: 'company', match: { name: '= vars.nowhere' } }).result).toMatchObject({ port: 'none' });
    expect(refusal(() => withCompanies().run(findNode, { entity: 'company', match: '= vars.nowhere' })).code).toBe('NODE_PARAMS');
  });
});
