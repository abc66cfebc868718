import Handlebars from 'handlebars';
import { TaktError } from '../errors/index.ts';

const OPENING_TOKENS = ['OPEN_BLOCK', 'OPEN_INVERSE', 'OPEN_RAW_BLOCK', 'OPEN_PARTIAL_BLOCK'] as const;
const TOKENS = [...OPENING_TOKENS, 'OPEN_INVERSE_CHAIN', 'OPEN_ENDBLOCK', 'END_RAW_BLOCK', 'OPEN_SEXPR', 'CLOSE_SEXPR', 'EOF'] as const;

/** The part of Handlebars' generated parser that its types leave out. */
interface GeneratedParser {
  lexer: { setInput(source: string): void; lex(): number; EOF: number };
  symbols_: Readonly<Record<(typeof TOKENS)[number], number>>;
}

/**
 * The generated parser of Handlebars. Throws TaktError INTERNAL where it does not have the tokens that nesting is told by: without one
 * of them the bounds of templates would silently hold nothing.
 */
export function parserOf(handlebars: object): GeneratedParser {
  const parser: unknown = Reflect.get(handlebars, 'Parser');
  if (isParser(parser)) return parser;
  throw new TaktError('INTERNAL', {
    message: 'The parser of this version of Handlebars is not known: the nesting of templates cannot be bounded.',
    hint: 'Install the version of handlebars that package-lock.json names.',
  });
}

function isParser(value: unknown): value is GeneratedParser {
  const { lexer, symbols_ }: { lexer?: unknown; symbols_?: unknown } = Object(value);
  const { setInput, lex, EOF }: { setInput?: unknown; lex?: unknown; EOF?: unknown } = Object(lexer);
  const numbers = [EOF, ...TOKENS.map((name): unknown => Reflect.get(Object(symbols_), name))];
  return typeof setInput === 'function' && typeof lex === 'function' && numbers.every((number) => typeof number === 'number');
}

const { lexer, symbols_: symbols } = parserOf(Handlebars);

const OPENING: ReadonlySet<number> = new Set(OPENING_TOKENS.map((name) => symbols[name]));

export interface Nesting {
  /** Blocks inside each other; every "else if" is one more. */
  blocks: number;
  /** Brackets inside each other in one call. */
  brackets: number;
}

/**
 * How deeply a template is nested, told by its tokens alone: the parser takes quadratic time on nested
 * blocks (10,000 of them 70 s), the lexer does not. Throws what the lexer throws.
 */
export function measureNesting(source: string): Nesting {
  const found: Nesting = { blocks: 0, brackets: 0 };
  const chains: number[] = [];
  let blocks = 0;
  let brackets = 0;
  lexer.setInput(source);
  for (let token = lexer.lex(); token !== symbols.EOF && token !== lexer.EOF; token = lexer.lex()) {
    if (OPENING.has(token)) {
      chains.push(1);
      blocks++;
    } else if (token === symbols.OPEN_INVERSE_CHAIN) {
      chains.push((chains.pop() ?? 0) + 1);
      blocks++;
    } else if (token === symbols.OPEN_ENDBLOCK || token === symbols.END_RAW_BLOCK) blocks -= chains.pop() ?? 0;
    else if (token === symbols.OPEN_SEXPR) brackets++;
    else if (token === symbols.CLOSE_SEXPR) brackets--;
    found.blocks = Math.max(found.blocks, blocks);
    found.brackets = Math.max(found.brackets, brackets);
  }
  return found;
}
