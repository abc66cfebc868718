import type { JsonObject } from '../../schemas/json.ts';

/** Splits new leads at `subject`: who goes the way `short` succeeds at once, who goes the way `long` never does. */
export const splitWorkflow = (id: string): JsonObject => ({
  takt: 1,
  id,
  name: `Workflow ${id}`,
  nodes: {
    start: { type: 'trigger.record', params: { entity: 'lead', on: ['created'] } },
    subject: { type: 'flow.split', params: { arms: [{ port: 'short' }, { port: 'long' }], minimum: 20, for: 'PT0S' } },
    works: { type: 'flow.success', params: { split: 'subject' } },
    gone: { type: 'flow.end', params: {} },
  },
  edges: [
    ['start', 'subject'],
    ['subject:short', 'works'],
    ['subject:long', 'gone'],
  ],
});
