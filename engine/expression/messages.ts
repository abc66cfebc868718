import type { Failure } from './failure.ts';

/** Our words for JSONata's codes; those from D4001 on are Takt's own. {value}, {token} and the like are filled from the failure. */
const MESSAGES: Readonly<Record<string, string>> = {
  S0101: 'the text has no closing quote',
  S0102: 'the number {token} is out of range',
  S0103: 'the escape \\{token} is not known',
  S0104: '\\u needs four hexadecimal digits after it',
  S0105: 'the field name has no closing backquote',
  S0106: 'the comment is not closed',
  S0201: '{token} does not belong here',
  S0202: 'expected {value}, found {token}',
  S0203: 'expected {value}, found the end of the expression',
  S0204: 'the operator {token} is not known',
  S0205: '{token} does not belong here',
  S0206: '{token} cannot stand here',
  S0207: 'the expression ends too early',
  S0208: 'parameter {value} of a function must be a variable, with a dollar sign in front',
  S0209: 'a filter cannot come after a grouping',
  S0210: 'a step can be grouped only once',
  S0211: '{token} needs something on its left side',
  S0212: 'only a variable can stand on the left of :=',
  S0213: 'the literal {value} cannot be a step of a path',
  S0214: 'only a variable can stand on the right of {token}',
  S0215: 'the variable must be bound before the filter',
  S0216: 'the variable must be bound before the sorting',
  S0217: 'there is no parent for % here',
  S0301: 'the regular expression is empty',
  S0302: 'the regular expression has no closing slash',
  S0401: 'only functions and arrays take a type in angle brackets in a signature',
  S0402: 'a choice of types cannot contain types in angle brackets',
  T0410: 'argument {index} of {call} has the wrong type',
  T0411: 'the context value cannot be argument {index} of {call}',
  T0412: 'argument {index} of {call} must be an array of {type}',
  D1001: 'the number {value} is out of range',
  D1002: 'only a number can be negated, not {value}',
  T1003: 'the key of an object must be a text, not {value}',
  D1004: 'the regular expression matches the empty text',
  T1005: '{token} is not a function; the function is written {call}',
  T1006: 'what is called here is not a function',
  T1007: '{token} is not a function; the function is written {call}',
  T1008: 'what is partially applied here is not a function',
  D1009: 'two keys of the object come out as {value}',
  T1010: 'the matcher does not return a match object',
  T2001: 'the left side of {token} must be a number',
  T2002: 'the right side of {token} must be a number',
  T2003: 'the left side of .. must be a whole number',
  T2004: 'the right side of .. must be a whole number',
  T2006: 'the right side of ~> must be a function',
  T2007: 'cannot sort {value} and {value2} together: their types differ',
  T2008: 'sorting needs numbers or texts',
  T2009: 'cannot compare {value} and {value2} with {token}: their types differ',
  T2010: '{token} compares only numbers or texts',
  T2011: 'the update of a transform must be an object, not {value}',
  T2012: 'the deletion of a transform must be a field name or an array of names, not {value}',
  T2013: 'a transform needs $clone, which is not a function here',
  D3001: 'a number that is not finite has no text',
  D3010: 'the text to replace cannot be empty',
  D3011: 'the limit of $replace cannot be negative',
  D3012: 'the replacement must be a text',
  D3020: 'the limit of $split cannot be negative',
  D3030: 'cannot make a number of {value}',
  D3040: 'the limit of $match cannot be negative',
  D3050: 'the function given to $reduce must take at least two arguments',
  D3060: 'there is no square root of {value}',
  D3061: '{value} to the power of {exp} is out of range',
  D3070: '$sort without a function takes only numbers or only texts',
  D3080: 'a number picture has at most two parts',
  D3081: 'a number picture has at most one decimal separator',
  D3082: 'a number picture has at most one percent sign',
  D3083: 'a number picture has at most one per-mille sign',
  D3084: 'a number picture has a percent sign or a per-mille sign, not both',
  D3085: 'a number picture needs at least one digit',
  D3086: 'a number picture cannot have other characters between its digits',
  D3087: 'the grouping separator cannot stand beside the decimal separator',
  D3088: 'the integer part cannot end with a grouping separator',
  D3089: 'two grouping separators cannot stand side by side',
  D3090: 'in the integer part optional digits come before mandatory ones',
  D3091: 'in the fraction mandatory digits come before optional ones',
  D3092: 'a percent or per-mille picture cannot have an exponent',
  D3093: 'the exponent can have only mandatory digits',
  D3100: 'the base must lie between 2 and 36, not {value}',
  D3110: '{value} is not an ISO 8601 date',
  D3130: 'integers cannot be written as a sequence that begins with {value}',
  D3131: 'the digits of a picture must belong to one script',
  D3132: 'the date component {value} is not known',
  D3133: 'only months and days have names, not {value}',
  D3134: 'an offset has at most four digits',
  D3135: 'the date picture has no closing bracket',
  D3136: 'the date picture lacks parts that the date needs',
  D3137: '{text}',
  D3138: '$single found more than one match',
  D3139: '$single found no match',
  D3140: 'the text given to {call} is not well-formed: {value}',
  D3141: '{text}',
  D4001: 'there is no time zone {value}',
  D4002: 'the calendar given to {call}: {text}',
  D4003: '{call} reaches too far',
  D4004: 'there is no unit {value}',
  D4005: '{value} is not a currency',
  D4006: '{value} is not money',
  D4007: 'the rates have no price for {value}',
  D4008: '{call} needs data that is not loaded here',
};

/** The message of a failure in plain words; a code without words is told as it is. */
export function describeFailure(failure: Failure): string {
  const known: Record<string, unknown> = { ...failure.details, token: failure.token, call: failure.details.functionName ?? failure.token };
  return (MESSAGES[failure.code] ?? 'the expression failed').replace(/\{(\w+)\}/g, (_, name: string) => show(known[name], name));
}

function show(value: unknown, name: string): string {
  if (name === 'call') return value === undefined ? 'the function' : `$${String(value)}`;
  if (value === undefined) return 'nothing';
  if (typeof value === 'string')
    return name === 'token' || name === 'text' || name === 'type' ? shorten(value) : shorten(JSON.stringify(value));
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  return String(value);
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
