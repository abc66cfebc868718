import { type Ast, eachChild } from './ast.ts';

/** What an expression reads and uses, known without running it. */
export interface Analysis {
  paths: readonly (readonly string[])[];
  functions: readonly string[];
  variables: readonly string[];
  /** Every name that the expression itself binds. */
  bound: ReadonlySet<string>;
}

/** Names bound by :=, by parameters and by @ and #. */
function boundNames(tree: Ast): Set<string> {
  const names = new Set<string>();
  const visit = (node: Ast): void => {
    if (node.type === 'bind' && node.lhs !== undefined && !Array.isArray(node.lhs)) names.add(String(node.lhs.value));
    if (node.type === 'lambda') for (const parameter of node.arguments ?? []) names.add(String(parameter.value));
    if (node.focus !== undefined) names.add(node.focus);
    if (node.index !== undefined) names.add(node.index);
    for (const stage of node.stages ?? []) if (stage.type === 'index' && stage.value !== undefined) names.add(stage.value);
    eachChild(node, visit);
  };
  visit(tree);
  return names;
}

/** `isFunction` knows the names of the library. */
export function analyse(tree: Ast, isFunction: (name: string) => boolean): Analysis {
  const bound = boundNames(tree);
  const paths = new Map<string, readonly string[]>();
  const functions = new Set<string>();
  const variables = new Set<string>();

  const record = (names: readonly string[]): void => {
    if (names.length > 0) paths.set(JSON.stringify(names), names);
  };
  const useVariable = (name: string, called: boolean): void => {
    if (name === '' || name === '$' || bound.has(name)) return;
    (called || isFunction(name) ? functions : variables).add(name);
  };

  const visit = (node: Ast, atRoot: boolean): void => {
    for (const stage of [...(node.predicate ?? []), ...(node.stages ?? [])]) if (stage.expr !== undefined) visit(stage.expr, false);
    for (const pair of node.group?.lhs ?? []) for (const part of pair) visit(part, false);
    switch (node.type) {
      case 'path':
        visitPath(node, atRoot);
        break;
      case 'name':
        if (atRoot) record([String(node.value)]);
        break;
      case 'variable':
        useVariable(String(node.value), false);
        break;
      case 'function':
      case 'partial':
        if (node.procedure?.type === 'variable') useVariable(String(node.procedure.value), true);
        else if (node.procedure !== undefined) visit(node.procedure, atRoot);
        for (const argument of node.arguments ?? []) visit(argument, atRoot);
        break;
      case 'lambda':
        if (node.body !== undefined) visit(node.body, atRoot);
        break;
      case 'bind':
        if (node.rhs !== undefined) visit(node.rhs, atRoot);
        break;
      case 'sort':
        for (const term of node.terms ?? []) visit(term.expression, false);
        break;
      case 'transform':
        for (const part of [node.pattern, node.update, node.delete]) if (part !== undefined) visit(part, false);
        break;
      default:
        // Filters and groupings were visited above, in their own context.
        eachChild({ ...node, predicate: [], stages: [], group: { lhs: [], position: 0 } }, (part) => visit(part, atRoot));
    }
  };

  const visitPath = (node: Ast, atRoot: boolean): void => {
    const steps = node.steps ?? [];
    const first = steps[0];
    if (first === undefined) return;
    const fromVariable = first.type === 'variable' && (first.value === '$' || (first.value === '' && atRoot));
    const fromRoot = fromVariable || (first.type === 'name' && atRoot);
    let index = fromVariable ? 1 : 0;
    const names: string[] = [];
    for (let step = steps[index]; fromRoot && step?.type === 'name'; step = steps[++index]) names.push(String(step.value));
    record(names);
    for (const [at, step] of steps.entries()) {
      if (at >= index || (fromVariable && at === 0)) visit(step, at === 0 && atRoot);
      else for (const stage of step.stages ?? []) if (stage.expr !== undefined) visit(stage.expr, false);
    }
  };

  visit(tree, true);
  return { paths: [...paths.values()], functions: [...functions], variables: [...variables], bound };
}
