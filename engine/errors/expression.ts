import type { ErrorEntry } from './types.ts';

export const expressionErrors = {
  EXPR_SYNTAX: { status: 400, title: 'The expression cannot be read', hint: 'Correct the expression at the column named.' },
  EXPR_TOO_LARGE: {
    status: 400,
    title: 'The expression is too long or nested too deeply',
    hint: 'Keep an expression under 10,000 characters and 500 levels of nesting; split it over several nodes.',
  },
  EXPR_RUNTIME: {
    status: 422,
    title: 'The expression failed on this input',
    hint: 'Check the types of the values at the column named; $exists and $type help to guard them.',
  },
  EXPR_BUDGET: {
    status: 422,
    title: 'The expression used up its budget of steps, depth or memory',
    hint: 'Work on less data at once, or end the recursion earlier.',
  },
  EXPR_REFUSED: {
    status: 400,
    title: 'The expression uses something that is not allowed here',
    hint: 'Write the part that is named in another way; docs/expressions.md lists what is refused.',
  },
  EXPR_ARGUMENT: {
    status: 400,
    title: 'A function of the expression is given what it cannot take',
    hint: 'Write its arguments as texts in the expression itself.',
  },
  TEMPLATE_SYNTAX: { status: 400, title: 'The template cannot be read', hint: 'Correct the template at the line named.' },
  TEMPLATE_TOO_LARGE: { status: 400, title: 'The template is too long', hint: 'Keep a template under 200,000 characters.' },
  TEMPLATE_MISSING: {
    status: 422,
    title: 'The template reads a variable that is not there',
    hint: 'Give a fallback, for example {{default record.name "there"}}.',
  },
  TEMPLATE_RUNTIME: { status: 422, title: 'The template failed on this input', hint: 'Check the values that are given to its helpers.' },
  TEMPLATE_BUDGET: {
    status: 422,
    title: 'The template used up its budget of output or work',
    hint: 'Show fewer items; the text may have at most 1,000,000 characters.',
  },
} as const satisfies Record<string, ErrorEntry>;
