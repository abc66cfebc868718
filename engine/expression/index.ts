export { DEFAULT_LIMITS, type Limits } from './budget.ts';
export { compileExpression, type Environment, type Expression } from './expression.ts';
