import type { ErrorEntry } from './types.ts';

export const workflowErrors = {
  WORKFLOW_INVALID: { status: 422, title: 'The workflow has errors', hint: 'Mend the places named under "errors"; they are all of them.' },
  WORKFLOW_JSON: { status: 400, title: 'The workflow file is not JSON', hint: 'Mend the JSON at the named line and column.' },
  WORKFLOW_SCHEMA: { status: 422, title: 'The workflow file does not fit its schema', hint: 'See docs/workflow-file.md.' },
  WORKFLOW_FORMAT_UNKNOWN: {
    status: 422,
    title: 'The workflow file has a format version that this Takt does not know',
    hint: 'Update Takt, or export the workflow anew.',
  },
  WORKFLOW_TOO_LARGE: {
    status: 413,
    title: 'The workflow file is too large',
    hint: 'Split the workflow; at most 1 MB, 500 nodes, 2,000 edges.',
  },
  NODE_TYPE_UNKNOWN: {
    status: 422,
    title: 'This node type does not exist here',
    hint: 'List the node types, or install the package that brings it.',
  },
  NODE_VERSION_UNKNOWN: { status: 422, title: 'This node type exists, but not in that version', hint: 'Use a version that is installed.' },
  NODE_PARAMS: { status: 422, title: 'A parameter of the node does not fit', hint: "See the node's documentation." },
  PORT_UNKNOWN: { status: 422, title: 'The node has no such port', hint: 'Use one of its ports.' },
  EDGE_NODE_UNKNOWN: { status: 422, title: 'An edge names a node that does not exist', hint: 'Correct the name or add the node.' },
  EDGE_INTO_TRIGGER: { status: 422, title: 'An edge leads into a trigger', hint: 'Triggers start runs; lead the edge to an action.' },
  EDGE_TWICE: { status: 422, title: 'The same edge stands twice', hint: 'Remove one of them.' },
  NODE_UNREACHABLE: { status: 422, title: 'No trigger leads to this node', hint: 'Connect it, or remove it.' },
  TRIGGER_MISSING: {
    status: 422,
    title: 'The workflow has no trigger',
    hint: 'Add a trigger node; trigger.manual if people start it by hand.',
  },
  CYCLE_UNBOUNDED: { status: 422, title: 'A cycle has no bound', hint: 'Give one node of the cycle "maxVisits".' },
  SCOPE_UNKNOWN: { status: 422, title: 'A name is not in scope here', hint: 'Use record, event, nodes.<id>, vars, run, owner.' },
  ENTITY_IN_WORKFLOW_UNKNOWN: {
    status: 422,
    title: 'The workflow names an entity that does not exist',
    hint: 'Create the entity first, or correct the name.',
  },
  TIMEZONE_UNKNOWN: { status: 422, title: 'There is no such time zone', hint: 'Use an IANA name such as Europe/Moscow.' },
  CRON_INVALID: {
    status: 422,
    title: 'The schedule is not a cron expression',
    hint: 'Five fields: minute hour day month weekday, such as "0 9 * * 1".',
  },
  RRULE_INVALID: {
    status: 422,
    title: 'The schedule is not a recurrence rule',
    hint: 'Write a rule of RFC 5545, such as "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", and in "start" when it begins.',
  },
  WORKFLOW_NOT_FOUND: { status: 404, title: 'There is no such workflow', hint: 'List the workflows.' },
  WORKFLOW_VERSION_NOT_FOUND: { status: 404, title: 'The workflow has no such version', hint: "List the workflow's versions." },
  WORKFLOW_NO_DRAFT: { status: 409, title: 'The workflow has no draft to publish', hint: 'Save a draft first.' },
  WORKFLOW_UNCHANGED: { status: 409, title: 'The draft equals the published version', hint: 'Nothing to publish.' },
  WORKFLOW_REVISION_STALE: {
    status: 409,
    title: 'The draft was changed by somebody else meanwhile',
    hint: 'Load it again and repeat your change.',
  },
  WORKFLOW_NOT_PUBLISHED: { status: 409, title: 'The workflow is not published', hint: 'Publish it first.' },
  WORKFLOW_NOT_MANUAL: {
    status: 409,
    title: 'The published workflow has no trigger.manual',
    hint: 'Add one, or let its own trigger start it.',
  },
} as const satisfies Record<string, ErrorEntry>;
