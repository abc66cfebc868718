import type { PromiseEntity, TaskEntity } from '../../engine/sdk.ts';

/** What the entity `task` means to a simulation. */
export const taskEntity: TaskEntity = {
  entity: 'task',
  isOpen: (fields) => fields.status === 'open',
  done: (now) => ({ status: 'done', completed_at: new Date(now).toISOString() }),
  about({ record }) {
    const id = typeof record === 'object' && record !== null && !Array.isArray(record) ? record.id : undefined;
    return typeof id === 'string' ? id : undefined;
  },
};

/** What a record's owner has promised: to do the task by its due date. */
export const taskPromise: PromiseEntity = {
  entity: 'task',
  record: 'record',
  due: 'due_at',
  at: 'completed_at',
  done: { status: 'done' },
  open: { status: 'open' },
};
