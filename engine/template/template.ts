import { TaktError } from '../errors/index.ts';
import { conditional, each, type Part, withValue } from './blocks.ts';
import { Output, type TemplateEnvironment } from './output.ts';
import { innerScope, PathSet, ROOT_SCOPE, type StaticScope } from './paths.ts';
import { Scope } from './scope.ts';
import { parseTemplate, syntaxError } from './syntax.ts';
import { compileHelper, compileValue, type Found, isHelper, pathOf, type Value } from './value.ts';

export type { TemplateEnvironment } from './output.ts';

/** A compiled template. It keeps no state between renderings. */
export interface Template {
  readonly source: string;
  /** Root paths that the template reads, e.g. ['record', 'name'], without repetition. */
  readonly paths: readonly (readonly string[])[];
  /** Root paths read as an argument of `default`: they may be absent. */
  readonly optionalPaths: readonly (readonly string[])[];
  /** Throws TaktError TEMPLATE_MISSING (with `field`), TEMPLATE_RUNTIME, TEMPLATE_BUDGET. */
  render(scope: Record<string, unknown>, env: TemplateEnvironment): string;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#x27;',
  '`': '&#x60;',
  '=': '&#x3D;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`=]/g, (character) => ESCAPES[character] ?? character);
}

/** Compiles one template: the compilers of statements share the format and the paths found. */
class Compiler {
  private readonly html: boolean;
  readonly found: Found = { required: new PathSet(), optional: new PathSet() };

  constructor(html: boolean) {
    this.html = html;
  }

  program(program: hbs.AST.Program | undefined, scope: StaticScope): Part {
    const parts = (program?.body ?? []).flatMap((statement) => this.statement(statement, scope));
    return (at) => {
      for (const part of parts) {
        at.output.charge(1);
        part(at);
      }
    };
  }

  private statement(statement: hbs.AST.Statement, scope: StaticScope): Part[] {
    switch (statement.type) {
      case 'ContentStatement': {
        const text = (statement as hbs.AST.ContentStatement).value;
        return text === '' ? [] : [(at) => at.output.write(text)];
      }
      case 'CommentStatement':
        return [];
      case 'MustacheStatement':
        return [this.mustache(statement as hbs.AST.MustacheStatement, scope)];
      case 'BlockStatement':
        return [this.block(statement as hbs.AST.BlockStatement, scope)];
      default:
        throw syntaxError(
          `${statement.type} is not available`,
          statement.loc,
          'Partials and decorators cannot be used; put the text into the template itself.',
        );
    }
  }

  private mustache(node: hbs.AST.MustacheStatement, scope: StaticScope): Part {
    const bare = node.params.length === 0 && (node.hash?.pairs.length ?? 0) === 0;
    const isCall = !bare || isHelper(node.path, scope);
    const value: Value = isCall
      ? compileHelper(node.path, node.params, node.hash, scope, this.found)
      : compileValue(node.path, scope, this.found, 'strict');
    const escapes = this.html && node.escaped;
    const line = node.loc.start.line;
    return (at) => {
      const text = toText(value(at), line);
      at.output.write(escapes ? escapeHtml(text) : text);
    };
  }

  private block(node: hbs.AST.BlockStatement, scope: StaticScope): Part {
    const name = String(node.path.original);
    const [subject] = node.params;
    if (!['if', 'unless', 'each', 'with'].includes(name))
      throw syntaxError(`There is no block ${JSON.stringify(name)}`, node.path.loc, 'Known are if, unless, each and with.');
    if (subject === undefined || node.params.length > 1 || (node.hash?.pairs.length ?? 0) > 0)
      throw syntaxError(`The block ${name} takes one argument`, node.loc);
    const otherwise = this.program(node.inverse, scope);
    const value = compileValue(subject, scope, this.found, name === 'each' ? 'strict' : 'lenient');
    if (name === 'if' || name === 'unless') return conditional(value, name === 'if', this.program(node.program, scope), otherwise);
    const names = node.program?.blockParams ?? [];
    const path = name === 'with' ? pathOf(subject, scope) : undefined;
    const inner = innerScope(scope, path, new Map(names.map((param, index) => [param, index === 0 ? path : undefined])));
    const body = this.program(node.program, inner);
    return name === 'with' ? withValue(value, names, body, otherwise) : each(value, names, body, otherwise);
  }
}

/** Text of a value: nothing for null, lists with commas. An object has no text of its own. */
function toText(value: unknown, line: number): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null))
    return value.map((item) => String(item ?? '')).join(', ');
  throw new TaktError('TEMPLATE_RUNTIME', {
    message: 'The template writes an object as a text',
    line,
    hint: 'Name one of its fields, or list its items with {{#each …}}.',
  });
}

/** Throws TaktError TEMPLATE_SYNTAX (with a line), TEMPLATE_TOO_LARGE. In 'html' values are escaped, save in {{{three brackets}}}. */
export function compileTemplate(source: string, format: 'text' | 'html'): Template {
  const compiler = new Compiler(format === 'html');
  const part = compiler.program(parseTemplate(source), ROOT_SCOPE);
  return {
    source,
    paths: compiler.found.required.toArray(),
    optionalPaths: compiler.found.optional.toArray(),
    render: (scope, environment) => {
      const output = new Output(environment);
      part(new Scope(scope, output));
      return output.toString();
    },
  };
}
