import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NodeBench } from 'takt/testing';
import takt from './index.js';

const [mailDomain] = takt.nodes;

function run(lead, params = {}) {
  const bench = new NodeBench();
  const { id } = bench.create('lead', { name: 'Ann', ...lead });
  const { result } = bench.run(mailDomain, { ...mailDomain.example, ...params }, { record: id });
  return { result, lead: bench.read(id) };
}

test('a company is told from private mail', () => {
  assert.deepEqual(run({ emails: ['ann@Acme.example'] }).result, { kind: 'next', port: 'company', output: { domain: 'acme.example' } });
  assert.equal(run({ emails: ['ann@gmail.com'] }).result.port, 'private');
});

test('a lead without an address goes by none', () => {
  assert.deepEqual(run({}).result, { kind: 'next', port: 'none', output: { domain: null } });
});

test('the domain is written into the field that is named', () => {
  assert.equal(run({ emails: ['ann@acme.example'] }, { writeTo: 'company_name' }).lead.company_name, 'acme.example');
});

test('a parameter that does not exist is refused', () => {
  assert.throws(() => run({}, { colour: 'red' }), { code: 'NODE_PARAMS' });
});
