/** More than any script piles on one letter; the bound of Unicode's Stream-Safe Text Format (UAX #15). */
const MOST_MARKS = 30;

/**
 * Canonical composition (NFC): a letter and its accent become one character. A text with more than 30 marks in a row stays as it is,
 * since putting them in order takes quadratic time: 160,000 marks block the process for 9 seconds.
 */
export function compose(text: string): string {
  for (const [marks] of text.matchAll(/\p{M}+/gu)) if (marks.length > MOST_MARKS) return text;
  return text.normalize('NFC');
}
