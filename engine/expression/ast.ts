/** The syntax tree as the parser of `jsonata` 2.2 hands it out: one loose shape, since a node carries the marks of several passes. */
export interface Ast {
  type: string;
  position?: number;
  value?: unknown;
  /** path */
  steps?: Ast[];
  keepSingletonArray?: boolean;
  /** any node: postfix filters, group-by, `[]` */
  predicate?: StageAst[];
  group?: GroupAst;
  keepArray?: boolean;
  /** a step of a path */
  stages?: StageAst[];
  focus?: string;
  index?: string;
  ancestor?: { label: string };
  tuple?: boolean;
  consarray?: boolean;
  /** parent */
  slot?: { label: string };
  /** binary, apply, bind; an object constructor keeps its pairs in `lhs` */
  lhs?: Ast | [Ast, Ast][];
  rhs?: Ast;
  /** unary */
  expression?: Ast;
  expressions?: Ast[];
  /** condition */
  condition?: Ast;
  then?: Ast;
  else?: Ast;
  /** function, partial, lambda */
  procedure?: Ast;
  arguments?: Ast[];
  body?: Ast;
  signature?: { definition: string };
  thunk?: boolean;
  /** sort */
  terms?: { descending: boolean; expression: Ast }[];
  /** transform */
  pattern?: Ast;
  update?: Ast;
  delete?: Ast;
}

interface StageAst {
  type: 'filter' | 'index';
  expr?: Ast;
  value?: string;
}

export interface GroupAst {
  lhs: [Ast, Ast][];
  position: number;
}

/** Refuses what is no node of the parser: each has a type. What hangs on it is asked of its parts, by {@link eachChild}. */
export function assertNode(value: unknown): asserts value is Ast {
  if (typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string') return;
  throw new TypeError('Syntax tree: the parser gave something that is no node');
}

/** A child that the grammar guarantees. */
export function child(node: Ast | undefined, of: Ast): Ast {
  if (node === undefined) throw new TypeError(`Syntax tree: a part of "${of.type}" is missing`);
  return node;
}

/** The left operand of a binary node. */
export function left(of: Ast): Ast {
  if (of.lhs === undefined || Array.isArray(of.lhs)) throw new TypeError(`Syntax tree: "${of.type}" without a left side`);
  return of.lhs;
}

/** The pairs of an object constructor. */
export function pairs(of: Ast): [Ast, Ast][] {
  return Array.isArray(of.lhs) ? of.lhs : [];
}

/** Calls `visit` for each direct child of a node, with the name of the part it plays. */
export function eachChild(node: Ast, visit: (part: Ast) => void): void {
  if (node.lhs !== undefined && !Array.isArray(node.lhs)) visit(node.lhs);
  for (const list of [node.steps, node.expressions, node.arguments]) for (const part of list ?? []) visit(part);
  for (const stages of [node.predicate, node.stages]) for (const stage of stages ?? []) if (stage.expr !== undefined) visit(stage.expr);
  for (const part of [node.rhs, node.expression, node.condition, node.then, node.else, node.procedure, node.body])
    if (part !== undefined) visit(part);
  for (const part of [node.pattern, node.update, node.delete]) if (part !== undefined) visit(part);
  for (const list of [Array.isArray(node.lhs) ? node.lhs : [], node.group?.lhs ?? []]) for (const pair of list) pair.forEach(visit);
  for (const term of node.terms ?? []) visit(term.expression);
}
