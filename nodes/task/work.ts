import type { TaskEntity } from '../../engine/sdk.ts';

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
