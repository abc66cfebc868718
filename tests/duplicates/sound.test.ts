import { describe, expect, it } from 'vitest';
import { soundOf } from '../../engine/duplicates/sound.ts';
import { distance, wordSimilarity } from '../../engine/text/distance.ts';

describe('the sound of a word', () => {
  it.each([
    'щербаков shcherbakov scherbakov',
    'юлия yulia julia iuliia yuliya julija',
    'соловьёв soloviev solovyov solovyev solovev',
    'евгений yevgeniy evgenii evgeny evgenij',
    'пётр petr pyotr',
    'фёдор fedor fyodor',
    'хрущёв khrushchev hrushchev khrushchyov',
    'александр aleksandr alexandr',
    'ксения kseniya xenia kseniia',
    'дмитрий dmitry dmitriy dmitrii',
    'яковлев yakovlev iakovlev jakovlev',
    'смирнов smirnov smirnoff smirnow',
    'цветаева tsvetaeva',
    'жуков zhukov žukov',
    'анна anna ana',
    'роснефть rosneft',
  ])('is one in all spellings: %s', (words) => {
    expect(new Set(words.split(' ').map(soundOf)).size).toBe(1);
  });

  it.each(['петров петренко', 'иванов иванова', 'мария марина', 'антон артём', 'школа школы'])(
    'is another for other words: %s',
    (words) => {
      expect(new Set(words.split(' ').map(soundOf)).size).toBe(2);
    },
  );
});

describe('the distance of words', () => {
  it.each([
    ['petrov', 'petrov', 0],
    ['petrov', 'petlov', 1],
    ['petrov', 'petorv', 1],
    ['petrov', 'petov', 1],
    ['petrov', 'petrovv', 1],
    ['petrov', 'petrenko', 4],
    ['', 'ab', 2],
    ['ca', 'abc', 3],
  ])('of %s and %s is %i', (a, b, expected) => {
    expect([distance(a, b), distance(b, a)]).toEqual([expected, expected]);
  });

  it('counts as a part of the longer one', () => {
    expect([wordSimilarity('ab', 'ab'), wordSimilarity('', ''), wordSimilarity('petrov', 'petlov'), wordSimilarity('a', 'b')]).toEqual([
      1,
      1,
      1 - 1 / 6,
      0,
    ]);
  });
});
