/** Who writes and what they want: leads with channels, brands, industries and budgets. */
import type { JsonObject } from '../../../schemas/json.ts';
import { Chance } from '../chance.ts';

const CHANNELS = [
  { channel: 'Website form', weight: 46 },
  { channel: 'Missed call', weight: 22 },
  { channel: 'E-mail', weight: 17 },
  { channel: 'Marketplace', weight: 9 },
  { channel: 'Messenger', weight: 6 },
] as const;

const BRANDS = [
  { brand: 'Arcus', weight: 30 },
  { brand: 'Norda', weight: 24 },
  { brand: 'Voltari', weight: 20 },
  { brand: 'Kontur Weld', weight: 16 },
  { brand: 'Ferrolux', weight: 10 },
] as const;

/** `budget` is the median, in roubles; two thirds lie between a `spread`-th of it and its `spread`-fold. */
const INDUSTRIES = [
  { industry: 'Construction', weight: 24, budget: 90_000, spread: 2.6, products: ['Inverters', 'Electrodes', 'Generators'] },
  {
    industry: 'Machine building',
    weight: 18,
    budget: 220_000,
    spread: 2.6,
    products: ['Semi-automatic machines', 'Welding robots', 'Wire'],
  },
  { industry: 'Car repair', weight: 16, budget: 45_000, spread: 2.2, products: ['Semi-automatic machines', 'Spot welding', 'Wire'] },
  { industry: 'Farming', weight: 9, budget: 60_000, spread: 2.2, products: ['Inverters', 'Electrodes'] },
  { industry: 'Pipelines', weight: 8, budget: 400_000, spread: 2.6, products: ['Orbital welding', 'Inverters'] },
  { industry: 'Workshops', weight: 8, budget: 30_000, spread: 2, products: ['Inverters', 'Masks and gloves'] },
  { industry: 'Shipbuilding', weight: 5, budget: 500_000, spread: 2.6, products: ['Submerged-arc welding', 'Wire'] },
  { industry: 'Gas power stations', weight: 6, budget: 1_600_000, spread: 2.2, products: ['Gas power stations'] },
  { industry: 'Large compressors', weight: 6, budget: 1_300_000, spread: 2.2, products: ['Screw compressors'] },
] as const;

const FIRST = ['Anna', 'Boris', 'Denis', 'Elena', 'Fyodor', 'Galina', 'Igor', 'Kirill', 'Larisa', 'Maksim', 'Oksana', 'Roman'] as const;
const LAST = ['Antonenko', 'Bondar', 'Vlasenko', 'Gritsenko', 'Danko', 'Zhuk', 'Kravets', 'Litvin', 'Moroz', 'Savchuk', 'Tkach'] as const;
const WORKS = ['Stal', 'Montazh', 'Energo', 'Svarka', 'Trub', 'Stroy', 'Mash', 'Sever', 'Ural', 'Volga'] as const;

/** Companies that have bought before. */
export const CLIENTS = 150;
const RETURNING = 0.09;
/** How often somebody who has written already writes once more, by another way, within so many leads. */
const DUPLICATES = 0.03;
const SOON = 250;

export interface Lead {
  /** What the files call it: lead-17. */
  as: string;
  /** Roubles. */
  budget: number;
  data: JsonObject;
}

/** `count` leads; each has a chance of its own, so that one more does not change the others. */
export function leads(seed: number, count: number): Lead[] {
  const list: Lead[] = [];
  for (let i = 0; i < count; i++) {
    const chance = new Chance(seed, 'lead', i);
    const earlier = chance.happens(DUPLICATES) ? list[i - chance.whole(1, SOON)] : undefined;
    list.push(earlier ? again(chance, earlier, i) : fresh(chance, i));
  }
  return list;
}

function fresh(chance: Chance, index: number): Lead {
  const n = index + 1;
  const { industry, budget: median, spread, products } = chance.weighted(INDUSTRIES);
  const [first, last] = [chance.one(FIRST), chance.one(LAST)];
  const budget = Math.max(5_000, Math.round(chance.amount(median, spread) / 1_000) * 1_000);
  const client = chance.happens(RETURNING) ? chance.whole(1, CLIENTS) : undefined;
  const digits = String(n).padStart(7, '0');
  return {
    as: `lead-${n}`,
    budget,
    data: {
      key: `L-${n}`,
      name: `${first} ${last}`,
      emails: [`${first}.${last}.${n}@client.example`.toLowerCase()],
      ...(chance.happens(0.8) && { phones: [`+7916${digits}`] }),
      ...(client === undefined ? { company_name: `${chance.one(WORKS)} ${n}` } : clientOf(client)),
      channel: chance.weighted(CHANNELS).channel,
      brand: chance.weighted(BRANDS).brand,
      industry,
      product_category: chance.one(products),
      budget: { amount: budget, currency: 'RUB' },
    },
  };
}

const clientOf = (n: number): JsonObject => ({ company: `@client-${n}`, company_name: clientName(n), returning: true });

export const clientName = (n: number): string => `Zavod ${n}`;

/** The same person with the same wish, by another way. */
function again(chance: Chance, { budget, data }: Lead, index: number): Lead {
  const { channel } = chance.one(CHANNELS.filter((other) => other.channel !== data.channel));
  return { as: `lead-${index + 1}`, budget, data: { ...data, key: `L-${index + 1}`, channel } };
}
