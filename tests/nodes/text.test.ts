import { describe, expect, it } from 'vitest';
import { masked } from '../../nodes/text/mask.ts';
import { inventedNumbers, numbersIn } from '../../nodes/text/numbers.ts';

describe('masks', () => {
  it('stand for addresses, phones and names, the same for the same, and lead back', () => {
    const { texts, unmask } = masked(
      ['Write to Анна Петрова <anna@x.example>, +7 (916) 123-45-67.', 'анна петрова and Anna: Петрова'],
      ['Анна Петрова'],
    );
    expect(texts).toEqual(['Write to {C} <{A}>, {B}.', '{C} and Anna: {D}']);
    expect(unmask('{C} – {A}, {B}')).toBe('Анна Петрова – anna@x.example, +7 (916) 123-45-67');
  });

  it('leave amounts and ordinary words alone, also where a record is named by some', () => {
    expect(masked(['A house for 500 000 RUB, 35 %'], ['Villa for Al']).texts).toEqual(['A house for 500 000 RUB, 35 %']);
  });

  it('cannot be smuggled in, and one that was not given out is none', () => {
    const { texts, unmask } = masked(['{A} says Bob'], ['Bob']);
    expect(texts).toEqual(['(A) says {A}']);
    expect(unmask('{B}')).toBeUndefined();
    expect(unmask('{a}')).toBeUndefined();
    expect(unmask('plain')).toBe('plain');
  });

  it('of more than 26 have two letters', () => {
    const names = Array.from({ length: 30 }, (_, i) => `Name${String.fromCharCode(97 + (i % 26))}${i}`);
    const { texts, unmask } = masked([names.join(', ')], names);
    expect(texts[0]).toContain('{AD}');
    expect(unmask('{AD}')).toBe(names[29]);
  });
});

describe('numbers', () => {
  it('are equal however they are written', () => {
    const written = ['500,000', '500 000', '500000', '500\u00a0000', "500'000", '500000.00'];
    expect(new Set(written.flatMap((one) => [...numbersIn(one)]))).toEqual(new Set(['500000']));
    expect([...numbersIn('35,5 % and 35.5%')]).toEqual(['35.5%']);
    expect([...numbersIn('1.500.000,25')]).toEqual(['1500000.25']);
    expect([...numbersIn('in 2027. Then 3, 4')]).toEqual(['2027', '3', '4']);
  });

  it('that are invented are told, as digits, as words and in other signs', () => {
    expect(inventedNumbers('68 % now, 34 % in three days', ['68 %, 34 %, three'])).toEqual([]);
    expect(inventedNumbers('-5', ['5'])).toEqual(['-5']);
    expect(inventedNumbers('вдвое, пять, ²', ['5'])).toEqual(['вдвое', 'пять', '²']);
    expect(inventedNumbers('5k', ['5'])).toEqual(['glued 5k']);
  });
});
