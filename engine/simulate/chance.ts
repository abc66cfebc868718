import { type Random, seededRandom } from '../ports/random.ts';

/**
 * A generator of its own for each question asked of chance: the same whatever else was asked before. A client then opens the same mails
 * whether or not another node was added somewhere.
 * @param parts what the question is about, such as the record, the behaviour and how often it was asked
 */
export function chanceOf(seed: number, ...parts: readonly (string | number)[]): Random {
  return seededRandom(hash([seed, ...parts].join('\n')));
}

/** FNV-1a, 32 bits, over the text's UTF-16 units: http://www.isthe.com/chongo/tech/comp/fnv/ */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
