import { describe, expect, it } from 'vitest';
import { NodeBench } from '../../engine/testing.ts';
import { completeTaskNode } from '../../nodes/task/complete.ts';
import { createTaskNode } from '../../nodes/task/create.ts';
import { refusal } from '../support/refusal.ts';
import { left } from './support.ts';

function shop() {
  const b = new NodeBench({ now: '2027-01-04T09:00:00Z', timezone: 'Europe/Moscow' });
  const user = b.create('user', { name: 'Vera' });
  const lead = b.create('lead', { name: 'Ann', owner: user.id });
  return { b, user, lead, on: { record: lead.id } };
}

describe('task.create', () => {
  it("makes a task about the run's record for its owner", () => {
    const { b, user, lead, on } = shop();
    const { output } = left(
      b.run(createTaskNode, { title: 'Call {{record.name}}', kind: 'call', due: { in: 'PT30M' }, priority: 'high' }, on),
    );
    expect(output.created).toBe(true);
    expect(b.read(String(output.id))).toMatchObject({
      entity: 'task',
      title: 'Call Ann',
      kind: 'call',
      priority: 'high',
      status: 'open',
      owner: user.id,
      due_at: '2027-01-04T09:30:00.000Z',
      record: { entity: 'lead', id: lead.id },
    });
  });

  it('reads a due time without an offset as local time', () => {
    const { b, on } = shop();
    b.run(createTaskNode, { title: 'Call', due: { at: '= "2027-01-05T12:00:00"' } }, on);
    expect(b.list('task')[0]?.due_at).toBe('2027-01-05T09:00:00.000Z');
  });

  it('gives the task to somebody else, or to nobody, where told to', () => {
    const { b, on } = shop();
    const other = b.create('user', { name: 'Oleg' });
    b.run(createTaskNode, { title: 'one', assignee: other.id }, on);
    b.run(createTaskNode, { title: 'two', assignee: null }, on);
    expect(b.list('task').map((task) => task.owner)).toEqual([other.id, undefined]);
  });

  it('works without a record', () => {
    const { b } = shop();
    b.run(createTaskNode, { title: 'Count the stock', dedupe: 'title' });
    b.run(createTaskNode, { title: 'Count the stock', dedupe: 'title' });
    expect(b.list('task')).toHaveLength(1);
    expect(b.list('task')[0]).not.toHaveProperty('record');
  });

  it('keeps a title of several lines in one', () => {
    const { b, on } = shop();
    b.run(createTaskNode, { title: ' Call\n  back ' }, on);
    expect(b.list('task')[0]?.title).toBe('Call back');
  });

  it('refuses a due that says both when and how long', () => {
    expect(createTaskNode.checkFile({ title: 'x', due: { in: 'PT1H', at: '2027-01-01' } }).problems).not.toEqual([]);
  });

  describe('with dedupe', () => {
    it('does not make a task twice while the first is open', () => {
      const { b, on } = shop();
      const params = { title: 'Call {{record.name}}', dedupe: 'title' };
      const first = left(b.run(createTaskNode, params, on)).output;
      expect(left(b.run(createTaskNode, params, on)).output).toEqual({ id: first.id, created: false });
    });

    it('makes it again when the first is done', () => {
      const { b, on } = shop();
      const params = { title: 'Call', dedupe: 'title' };
      const first = left(b.run(createTaskNode, params, on)).output;
      b.update(String(first.id), { status: 'done' });
      expect(left(b.run(createTaskNode, params, on)).output.created).toBe(true);
    });

    it('goes by a key of its own, whatever the title', () => {
      const { b, on } = shop();
      b.run(createTaskNode, { title: 'Call', dedupe: 'first-contact-{{record.id}}' }, on);
      b.run(createTaskNode, { title: 'Ring', dedupe: 'first-contact-{{record.id}}' }, on);
      expect(b.list('task').map((task) => task.title)).toEqual(['Call']);
    });

    it('does not take a key for a title that reads the same', () => {
      const { b, on } = shop();
      b.run(createTaskNode, { title: 'call', dedupe: 'title' }, on);
      expect(left(b.run(createTaskNode, { title: 'Ring', dedupe: 'call' }, on)).output.created).toBe(true);
    });

    it('does not mix up two records, nor a record and none', () => {
      const { b, on } = shop();
      const other = b.create('lead', { name: 'Ben' });
      const params = { title: 'Call', dedupe: 'title' };
      b.run(createTaskNode, params, on);
      b.run(createTaskNode, params, { record: other.id });
      b.run(createTaskNode, params);
      expect(b.list('task')).toHaveLength(3);
    });
  });

  it('without dedupe, or with none, makes a task each time', () => {
    const { b, on } = shop();
    b.run(createTaskNode, { title: 'Call' }, on);
    b.run(createTaskNode, { title: 'Call', dedupe: 'none' }, on);
    expect(b.list('task')).toHaveLength(2);
  });
});

describe('task.complete', () => {
  it('completes all open tasks of the record, and only those', () => {
    const { b, on } = shop();
    const other = b.create('lead', { name: 'Ben' });
    for (const title of ['one', 'two']) b.run(createTaskNode, { title }, on);
    b.run(createTaskNode, { title: 'three' }, { record: other.id });
    expect(left(b.run(completeTaskNode, { outcome: 'Won by {{record.name}}' }, on)).output).toEqual({ completed: 2 });
    expect(b.list('task').map((task) => task.status)).toEqual(['done', 'done', 'open']);
    expect(b.list('task')[0]).toMatchObject({ completed_at: '2027-01-04T09:00:00.000Z', outcome: 'Won by Ann' });
    expect(left(b.run(completeTaskNode, {}, on)).output).toEqual({ completed: 0 });
  });

  it('completes by title, or by the key that the task was made with', () => {
    const { b, on } = shop();
    b.run(createTaskNode, { title: 'Call Ann' }, on);
    b.run(createTaskNode, { title: 'Write', dedupe: 'first' }, on);
    b.run(createTaskNode, { title: 'Visit' }, on);
    expect(left(b.run(completeTaskNode, { title: 'Call {{record.name}}' }, on)).output.completed).toBe(1);
    expect(left(b.run(completeTaskNode, { dedupe: 'first' }, on)).output.completed).toBe(1);
    expect(b.list('task').map((task) => task.status)).toEqual(['done', 'done', 'open']);
  });

  it('completes one task by its id, once', () => {
    const { b, on } = shop();
    const { id } = left(b.run(createTaskNode, { title: 'Call' }, on)).output;
    const params = { task: '= nodes.call.id' };
    const options = { ...on, nodes: { call: { id: String(id) } } };
    expect(left(b.run(completeTaskNode, params, options)).output.completed).toBe(1);
    expect(left(b.run(completeTaskNode, params, options)).output.completed).toBe(0);
  });

  it('tells when the id is not that of a task', () => {
    const { b, lead, on } = shop();
    expect(refusal(() => b.run(completeTaskNode, { task: lead.id }, on)).code).toBe('NODE_RECORD_ID');
    expect(refusal(() => b.run(completeTaskNode, { task: '= null' }, on)).code).toBe('NODE_RECORD_ID');
  });
});
