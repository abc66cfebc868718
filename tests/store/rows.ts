import type { EventRow, RecordRow, RunRow } from '../../engine/unit/rows.ts';

/** An id that rises with its number. */
export const id = (n: number): string => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;

export const NOW = Date.parse('2026-03-02T09:00:00Z');

export const record = (n: number, more: Partial<RecordRow> = {}): RecordRow => ({
  id: id(n),
  entity: 'lead',
  key: null,
  owner: null,
  stage: null,
  name: `Lead ${n}`,
  sortName: `lead ${n}`,
  search: `lead ${n}`,
  data: {},
  version: 1,
  createdAt: NOW,
  updatedAt: NOW,
  deletedAt: null,
  ...more,
});

export const event = (n: number, more: Partial<EventRow> = {}): EventRow => ({
  id: id(n),
  type: 'form.sent',
  topic: '',
  recordId: null,
  at: NOW,
  data: {},
  key: null,
  chain: [],
  ...more,
});

export const run = (n: number, more: Partial<RunRow> = {}): RunRow => ({
  id: id(n),
  workflowId: 'w',
  version: 1,
  status: 'active',
  recordId: null,
  eventId: null,
  entryKey: `event:${n}`,
  dueAt: NOW,
  state: { tokens: [], outputs: {}, vars: {}, visits: {}, seq: 0, nextToken: 1 },
  chain: [],
  parent: null,
  outcome: null,
  result: null,
  error: null,
  createdAt: NOW,
  updatedAt: NOW,
  endedAt: null,
  ...more,
});
