import type { ErrorEntry } from './types.ts';

export const learningErrors = {
  TOO_LITTLE_TO_LEARN: {
    status: 422,
    title: 'There is too little to learn from',
    hint: 'Score by points until more have been won and lost.',
  },
} as const satisfies Record<string, ErrorEntry>;
