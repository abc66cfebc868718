import Handlebars from 'handlebars';
import { expect, it } from 'vitest';
import { measureNesting, parserOf } from '../../engine/template/lexer.ts';
import { refusal } from '../support/refusal.ts';

it('tells how deeply blocks and brackets are nested', () => {
  expect(measureNesting('{{#if a}}{{#each b}}{{f (g (h 1))}}{{/each}}{{else if c}}x{{/if}}{{#if d}}{{/if}}')).toEqual({
    blocks: 2,
    brackets: 2,
  });
});

it.each([
  'OPEN_BLOCK',
  'OPEN_INVERSE',
  'OPEN_RAW_BLOCK',
  'OPEN_PARTIAL_BLOCK',
  'OPEN_INVERSE_CHAIN',
  'OPEN_ENDBLOCK',
  'END_RAW_BLOCK',
  'OPEN_SEXPR',
  'CLOSE_SEXPR',
  'EOF',
])('a Handlebars without the token %s is refused, instead of bounding nothing', (token) => {
  const { lexer, symbols_ } = parserOf(Handlebars);
  const without = Object.fromEntries(Object.entries(symbols_).filter(([name]) => name !== token));
  expect(refusal(() => parserOf({ Parser: { lexer, symbols_: without } })).code).toBe('INTERNAL');
});

it.each([{}, { Parser: null }, { Parser: { lexer: {}, symbols_: {} } }])('a Handlebars without its lexer is refused', (handlebars) => {
  expect(refusal(() => parserOf(handlebars)).code).toBe('INTERNAL');
});
