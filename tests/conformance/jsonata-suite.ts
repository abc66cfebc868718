/**
 * Runs the official JSONata test suite against Takt's expressions.
 *
 *   npx node tests/conformance/jsonata-suite.ts PATH [--json]
 *
 * PATH is an unpacked suite (any folder that contains test-suite/groups) or its archive (.tar.xz, .tar.gz …).
 * Prints how many cases passed, failed and are refused on purpose. Ends with 1 if a case failed, with 2 if
 * the suite could not be run.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { TaktError } from '../../engine/errors/index.ts';
import { compileExpression, type Limits } from '../../engine/expression/index.ts';

interface Case {
  expr?: string;
  'expr-file'?: string;
  data?: unknown;
  dataset?: string | null;
  bindings?: Record<string, unknown>;
  result?: unknown;
  undefinedResult?: boolean;
  code?: string;
  token?: string;
  error?: { code: string };
  /** Nodes inside each other that the case allows. */
  depth?: number;
}

interface Outcome {
  name: string;
  expr: string;
  status: 'passed' | 'failed' | 'refused';
  reason?: string;
}

function findSuite(path: string): string {
  const candidates = [
    path,
    join(path, 'test-suite'),
    join(path, 'test', 'test-suite'),
    join(path, 'jsonata-test-suite', 'test', 'test-suite'),
  ];
  const found = candidates.find((candidate) => existsSync(join(candidate, 'groups')));
  if (found === undefined) throw new Error(`There is no folder "groups" under ${path}`);
  return found;
}

/** Unpacks an archive. `tar` is on every machine, `xz`, which it calls, is not. */
function unpack(archive: string, folder: string): void {
  if (!existsSync(archive)) throw new Error(`There is no file ${archive}`);
  try {
    execFileSync('tar', ['-xf', archive, '-C', folder], { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause && cause.stderr instanceof Buffer ? cause.stderr.toString().trim() : '';
    const reason = said === '' && cause instanceof Error ? cause.message : said;
    throw new Error(`The archive cannot be unpacked (tar and xz are needed; or unpack it and give the folder): ${reason}`, { cause });
  }
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function* readCases(suite: string): Generator<{ name: string; spec: Case; expr: string }> {
  for (const group of readdirSync(join(suite, 'groups')).sort()) {
    const folder = join(suite, 'groups', group);
    if (!statSync(folder).isDirectory()) continue;
    for (const file of readdirSync(folder).sort()) {
      if (!file.endsWith('.json')) continue;
      const content = readJson(join(folder, file)) as Case | Case[];
      for (const [index, spec] of (Array.isArray(content) ? content : [content]).entries()) {
        const outside = spec['expr-file'];
        const expr = outside === undefined ? (spec.expr ?? '') : readFileSync(join(folder, outside), 'utf8');
        yield { name: `${group}/${file}${Array.isArray(content) ? `#${index}` : ''}`, spec, expr };
      }
    }
  }
}

/** Codes of the suite that our codes stand for: run-away recursion ends by the budget. */
function sameCode(expected: string, error: TaktError): boolean {
  const cause = error.cause;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  if (code === expected) return true;
  return error.code === 'EXPR_BUDGET' && ['U1001', 'D1011', 'D1012', 'D2014', 'D2015'].includes(expected);
}

/** Far above the defaults, to see that only the budget stands between a case and its result. */
const WIDE: Limits = { steps: 1e9, depth: 1_000, stringLength: 1e8, arrayLength: 1e8 };

function evaluate(spec: Case, expr: string, data: unknown, limits: Partial<Limits>): { result: unknown } | { error: TaktError } {
  try {
    const variables = spec.bindings ?? {};
    return { result: compileExpression(expr).evaluate(data, { now: Date.now(), random: Math.random, variables, limits }) };
  } catch (thrown) {
    if (thrown instanceof TaktError) return { error: thrown };
    throw thrown;
  }
}

/** What is wrong with an outcome, or undefined. */
function complaint(spec: Case, outcome: { result: unknown } | { error: TaktError }): string | undefined {
  const expected = spec.code ?? spec.error?.code;
  if ('error' in outcome) {
    if (expected !== undefined && sameCode(expected, outcome.error)) return undefined;
    return `expected ${expected ?? JSON.stringify(spec.result) ?? 'nothing'}, got ${outcome.error.code} ${outcome.error.message}`;
  }
  if (expected !== undefined) return `expected ${expected}, got ${JSON.stringify(outcome.result)}`;
  const wanted = spec.undefinedResult === true ? undefined : spec.result;
  const plain: unknown = outcome.result === undefined ? undefined : JSON.parse(JSON.stringify(outcome.result));
  if (isDeepStrictEqual(plain, wanted)) return undefined;
  return `expected ${JSON.stringify(wanted)?.slice(0, 300)}, got ${JSON.stringify(outcome.result)?.slice(0, 300)}`;
}

function judge(name: string, spec: Case, expr: string, data: unknown): Outcome {
  // The suite counts nodes inside each other, we count calls; one recursive call of its cases is about four nodes deep.
  const limits = spec.depth === undefined ? {} : { depth: Math.floor(spec.depth / 4) };
  const outcome = evaluate(spec, expr, data, limits);
  const wrong = complaint(spec, outcome);
  if (wrong === undefined) return { name, expr, status: 'passed' };
  if ('error' in outcome && outcome.error.code === 'EXPR_REFUSED') return { name, expr, status: 'refused', reason: outcome.error.message };
  const onBudget = 'error' in outcome && outcome.error.code === 'EXPR_BUDGET';
  if (onBudget && complaint(spec, evaluate(spec, expr, data, WIDE)) === undefined)
    return { name, expr, status: 'refused', reason: outcome.error.message };
  return { name, expr, status: 'failed', reason: wrong };
}

function run(suite: string): Outcome[] {
  const datasets = new Map(
    readdirSync(join(suite, 'datasets')).map((file) => [file.replace(/\.json$/, ''), readJson(join(suite, 'datasets', file))]),
  );
  const outcomes: Outcome[] = [];
  for (const { name, spec, expr } of readCases(suite)) {
    const data = 'data' in spec ? spec.data : typeof spec.dataset === 'string' ? structuredClone(datasets.get(spec.dataset)) : undefined;
    outcomes.push(judge(name, spec, expr, data));
  }
  return outcomes;
}

function report(outcomes: Outcome[], asJson: boolean): void {
  const of = (status: Outcome['status']) => outcomes.filter((outcome) => outcome.status === status);
  const [passed, failed, refused] = [of('passed'), of('failed'), of('refused')];
  const judged = passed.length + failed.length;
  const share = ((100 * passed.length) / judged).toFixed(2);
  if (asJson) {
    console.log(JSON.stringify({ cases: outcomes.length, passed: passed.length, failed, refused }, null, 2));
    return;
  }
  for (const { name, expr, reason } of failed)
    console.log(`FAILED  ${name}\n        ${expr.slice(0, 200).replaceAll('\n', ' ')}\n        ${reason ?? ''}`);
  for (const { name, reason } of refused) console.log(`refused ${name}: ${reason ?? ''}`);
  console.log(
    `${outcomes.length} cases: ${passed.length} passed, ${failed.length} failed, ${refused.length} refused on purpose (${share} % of the rest pass)`,
  );
}

const [path, ...flags] = process.argv.slice(2);
if (path === undefined) {
  console.error('Usage: node tests/conformance/jsonata-suite.ts PATH [--json]');
  process.exit(2);
}
const unpacked = /\.tar(?:\.\w+)?$|\.tgz$/.test(path) ? mkdtempSync(join(tmpdir(), 'jsonata-suite-')) : undefined;
try {
  if (unpacked !== undefined) unpack(path, unpacked);
  const outcomes = run(findSuite(unpacked ?? path));
  report(outcomes, flags.includes('--json'));
  if (outcomes.some((outcome) => outcome.status === 'failed')) process.exitCode = 1;
} catch (thrown) {
  console.error(thrown instanceof Error ? thrown.message : thrown);
  process.exitCode = 2;
} finally {
  if (unpacked !== undefined) rmSync(unpacked, { recursive: true });
}
