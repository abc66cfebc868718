/** Leads of a school that does not exist, as a CRM would export them: `npm run -s leads > leads.csv`. What makes them convert is known. */
import { seededRandom } from '../../engine/ports/random.ts';

const ROWS = 3_000;
const FIRST_DAY = Date.parse('2025-01-01');
const DAYS = 360;
const DAY = 86_400_000;

/** Values with their share and what they add to the log-odds. */
type Values = readonly (readonly [value: string, share: number, logOdds: number])[];

const SOURCES: Values = [
  ['Google', 0.45, 0],
  ['Chat', 0.25, -0.6],
  ['Reference', 0.1, 1.8],
  ['Fair', 0.2, 0.3],
];
const OCCUPATIONS: Values = [
  ['Working', 0.3, 1],
  ['Student', 0.3, -0.4],
  ['', 0.4, 0],
];
const CITIES: Values = [
  ['Riga', 0.5, 0],
  ['Oslo', 0.3, 0],
  ['Bergen', 0.2, 0],
];

/** The first line and the leads, in the order of their days. Of the columns only `City` says nothing; `Stage` is written when it is over. */
export function leads(): string[] {
  const random = seededRandom(7);
  const pick = (values: Values): { value: string; logOdds: number } => {
    let place = random.next();
    for (const [value, share, logOdds] of values) {
      place -= share;
      if (place < 0) return { value, logOdds };
    }
    return { value: '', logOdds: 0 };
  };
  const lines = Array.from({ length: ROWS }, (_, row) => {
    const [source, occupation, city] = [pick(SOURCES), pick(OCCUPATIONS), pick(CITIES)];
    const minutes = Math.floor(-8 * Math.log(1 - random.next()));
    const converted = random.next() < 1 / (1 + Math.exp(1.8 - source.logOdds - occupation.logOdds - 0.09 * Math.min(minutes, 25)));
    const day = new Date(FIRST_DAY + Math.floor((row * DAYS) / ROWS) * DAY).toISOString().slice(0, 10);
    const stage = converted ? 'Contract' : ['Refused', 'Silent'][Math.floor(2 * random.next())];
    return [`L-${row + 1}`, day, source.value, occupation.value, city.value, minutes, stage, converted ? 'yes' : 'no'].join(',');
  });
  return ['Lead,Created,Source,Occupation,City,Minutes on site,Stage,Converted', ...lines];
}

if (import.meta.main) process.stdout.write(`${leads().join('\n')}\n`);
