import type { ErrorEntry } from './types.ts';

export const runErrors = {
  RUN_NOT_FOUND: { status: 404, title: 'There is no such run', hint: 'List the runs.' },
  RUN_NOT_FAILED: { status: 409, title: 'Only a failed run can be retried', hint: 'Look at its status first.' },
  RUN_ENDED: { status: 409, title: 'The run has ended already', hint: 'Nothing is left to cancel.' },
  RUN_VISITS: {
    status: 500,
    title: 'A run entered a node more often than its maxVisits',
    hint: 'Raise "maxVisits", or mend the way out of the cycle.',
  },
  RUN_STEPS: { status: 500, title: 'A run took more steps than allowed', hint: 'Split the workflow; look for a cycle that never leaves.' },
  RUN_BRANCHES: {
    status: 500,
    title: 'A run has too many branches at once',
    hint: 'Look for a cycle that forks without a join, or lists within lists; lower "parallel", or call a workflow for parts of the list.',
  },
  RUN_STUCK: {
    status: 500,
    title: 'The branches of a run wait for each other',
    hint: 'Leave a critical section before branches meet; where a run enters several, let every branch enter them in the same order.',
  },
  RUN_TOO_LARGE: { status: 500, title: "A run's data grew too large", hint: 'Keep large data in records or files, not in node outputs.' },
  STEP_TOO_LARGE: {
    status: 500,
    title: 'The data of a step is too large',
    hint: 'Work on parts of it: fewer items or fields at once. Keep large data in records or files.',
  },
  RUN_NO_RECORD: {
    status: 409,
    title: 'This node needs a record, and the run has none',
    hint: 'Start the workflow by a record, or make one first with "subject": true.',
  },
  LOOP_DEPTH: {
    status: 409,
    title: 'Workflows started each other too many times in a row',
    hint: 'The chain names them; let one of them not react to what the other does.',
  },
  LOOP_RATE: {
    status: 429,
    title: 'A workflow was started too often on one record by other workflows',
    hint: 'The chain names them; add a condition or re-entry "once".',
  },
  LOOP_FAMILY: {
    status: 429,
    title: 'One run has brought about too many others',
    hint: 'The chain names the workflows; let them make fewer records, or not react to what the others make. What has failed can be retried after a day.',
  },
  CALL_UNKNOWN: {
    status: 409,
    title: 'The workflow cannot be called',
    hint: 'Publish it with a trigger.call, or correct the name.',
  },
  CALL_FAILED: {
    status: 500,
    title: 'The workflow that was called has failed',
    hint: 'Look at its run; mend the cause, then retry this one.',
  },
  RUN_NOT_PAUSED: { status: 409, title: 'Only a paused run can be resumed', hint: 'Look at its status first.' },
  RUN_CANNOT_PAUSE: { status: 409, title: 'Only a run that moves or waits can be paused', hint: 'Look at its status first.' },
  RUN_CANNOT_MOVE: {
    status: 409,
    title: 'The run cannot go on in the other version',
    hint: 'Look at the plan of the move; map the nodes that have other names.',
  },
  MOVE_INVALID: {
    status: 400,
    title: 'Runs cannot be moved like this',
    hint: 'Name two versions, and nodes of the first one in the mapping.',
  },
  JOB_NOT_FOUND: { status: 404, title: 'There is no such job', hint: 'List the jobs.' },
  JOB_ENDED: { status: 409, title: 'The job has ended already', hint: 'Nothing is left to cancel.' },
  NODE_FAILED: { status: 500, title: 'The node failed', hint: 'See the message; the cause is in the log.' },
  RUN_COMMIT_FAILED: {
    status: 500,
    title: "The run's writes were refused by the database",
    hint: 'See the cause, mend the data, then retry the run.',
  },
  CONTACT_REFUSED: {
    status: 409,
    title: 'The policy of the client keeps automatic messages back',
    hint: 'Send it by message.send, which has a way out for this, let a person start the run by hand, or change the policy.',
  },
  EFFECT_DEAD: {
    status: 502,
    title: 'What should leave the house could not be delivered',
    hint: 'Mend the cause, then retry the run or the effect.',
  },
  EFFECT_TIMEOUT: { status: 504, title: 'The delivery took too long', hint: 'It is tried again by the retry policy of the node.' },
  EFFECT_RESULT: {
    status: 502,
    title: 'What a connector gave back cannot be kept',
    hint: 'It was sent: do not retry it unless the other side knows its idempotency key. Mend the connector, or ask for less.',
  },
  EFFECT_NOT_FOUND: { status: 404, title: 'There is no such effect', hint: 'List the effects.' },
  CONNECTOR_UNKNOWN: { status: 500, title: 'No connector with this name is installed', hint: 'Install the package that brings it.' },
  EVENT_INVALID: { status: 400, title: 'The event does not fit', hint: 'Give type, topic and data.' },
} as const satisfies Record<string, ErrorEntry>;
