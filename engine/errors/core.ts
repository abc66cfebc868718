import type { ErrorEntry } from './types.ts';

export const coreErrors = {
  INTERNAL: { status: 500, title: 'Something broke inside Takt', hint: 'Look into the log with the request id; the cause is kept there.' },
  INPUT_INVALID: { status: 400, title: 'The input does not fit what is expected here', hint: 'Correct the places named under "errors".' },
  INPUT_TOO_DEEP: { status: 400, title: 'The input is nested too deeply', hint: 'Send at most 64 levels of nesting.' },
  INPUT_NUL: { status: 400, title: 'Text contains the character U+0000, which cannot be stored', hint: 'Remove the character U+0000.' },
  NOT_FOUND: { status: 404, title: 'There is nothing here with that name', hint: 'Check the id; list what exists first.' },
} as const satisfies Record<string, ErrorEntry>;
