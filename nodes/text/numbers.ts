/** Which numbers a text tells, so that none is told that nobody has given. Pure. */

/** With its sign and a per cent; spaces part groups of three digits only. */
const NUMBER = /(?<![\p{L}\p{N}])[-−]?\d+(?:(?:[\u0020\u00a0\u202f'](?=\d{3}(?!\d))|[.,](?=\d))\d+)*(?:\s?%)?/gu;
/** A number in other signs than our ten digits: ½, ², Ⅳ, ٣. */
const OTHER = /[^\P{N}0-9]/u;
/** Digits that go on as a word: 5k, 3M, 2x. */
const GLUED = /\d\p{L}|\p{L}\d/gu;
/** Words that tell a number. One alone is no number: it is a pronoun or an article as often. */
const WORDS =
  /(?<!\p{L})(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|dozens?|half|halves|third|quarters?|twice|thrice|doubles?|doubled|triples?|tripled|дв[аеу]\p{L}{0,4}|вдвое|тр[иеё]\p{L}{0,3}|втрое|четыр\p{L}{1,4}|четвер\p{L}{1,4}|пят[ьи]\p{L}{0,6}|шест[ьи]\p{L}{0,6}|сем[ьи]\p{L}{0,6}|восем\p{L}{1,6}|восьм\p{L}{1,6}|девят\p{L}{1,6}|десят\p{L}{1,6}|двадцат\p{L}{1,3}|тридцат\p{L}{1,3}|сорок\p{L}{0,2}|сто|ста|сотн\p{L}{1,3}|тысяч\p{L}{0,3}|миллион\p{L}{0,3}|миллиард\p{L}{0,3}|половин\p{L}{1,3}|трет[ьи]\p{L}{0,3}|полтор\p{L}{1,3})(?!\p{L})/giu;

/** What a text tells of numbers, each in a form in which equal ones are equal: `35%`, `175000`, `twice`. */
export function numbersIn(text: string): Set<string> {
  const told = new Set<string>();
  for (const [number] of text.matchAll(NUMBER)) told.add(formOf(number));
  for (const [glued] of text.matchAll(GLUED)) told.add(`glued ${glued.toLowerCase()}`);
  for (const [word] of text.matchAll(WORDS)) told.add(word.toLowerCase());
  for (const letter of text) if (OTHER.test(letter)) told.add(letter);
  return told;
}

/** The numbers of a text that none of the others tells. */
export function inventedNumbers(text: string, given: readonly string[]): string[] {
  const known = new Set(given.flatMap((one) => [...numbersIn(one)]));
  return [...numbersIn(text)].filter((number) => !known.has(number));
}

/** The last of two different marks is the decimal one; a comma before three digits, and points that come again and again, part thousands. */
function formOf(number: string): string {
  const digits = number.replaceAll(/[\s'%]/g, '').replace('−', '-');
  const [comma, point] = [digits.lastIndexOf(','), digits.lastIndexOf('.')];
  const parted = /^-?\d{1,3}(?:,\d{3})+$/.test(digits) || /^-?\d{1,3}(?:\.\d{3}){2,}$/.test(digits);
  const plain = parted
    ? digits.replaceAll(/[.,]/g, '')
    : comma >= 0 && point >= 0
      ? comma > point
        ? digits.replaceAll('.', '').replace(',', '.')
        : digits.replaceAll(',', '')
      : digits.replace(',', '.');
  const value = Number(plain);
  return `${Number.isFinite(value) ? value : digits}${number.endsWith('%') ? '%' : ''}`;
}
