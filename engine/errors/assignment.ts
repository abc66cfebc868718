import type { ErrorEntry } from './types.ts';

export const assignmentErrors = {
  MEASURES_SPAN: {
    status: 422,
    title: 'The measures of distribution cannot be taken over this time',
    hint: 'Give a time that ends after it begins and is at most 92 days long.',
  },
  MEASURES_MANY: {
    status: 422,
    title: 'More than 50,000 changes of owner lie in this time',
    hint: 'Ask for a shorter time, such as a week or a day.',
  },
} as const satisfies Record<string, ErrorEntry>;
