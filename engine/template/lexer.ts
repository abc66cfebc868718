import Handlebars from 'handlebars';

/** The part of Handlebars' generated parser that its types leave out. */
interface GeneratedParser {
  lexer: { setInput(source: string): void; lex(): number; EOF: number };
  symbols_: Readonly<Record<string, number>>;
}

const { lexer, symbols_: symbols } = (Handlebars as unknown as { Parser: GeneratedParser }).Parser;

const OPENING = new Set(['OPEN_BLOCK', 'OPEN_INVERSE', 'OPEN_RAW_BLOCK', 'OPEN_PARTIAL_BLOCK'].map((name) => symbols[name]));

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
