/** Where a JSON pointer (RFC 6901) leads in a text, so that an error can name the line. */

/** The line, from 1, on which the value begins; where it is missing, that of the nearest container above. The text is valid JSON. */
export function lineOfPointer(text: string, pointer: string): number {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  let at = skipSpace(text, 0);
  for (const step of steps) {
    const next = child(text, at, step);
    if (next === undefined) break;
    at = next;
  }
  return text.slice(0, at).split('\n').length;
}

/** The place of a member: of its name in an object, of its value in an array. */
function child(text: string, container: number, step: string): number | undefined {
  const open = text[container] === '"' ? skipSpace(text, skipSpace(text, skipString(text, container)) + 1) : container;
  const kind = text[open];
  if (kind !== '{' && kind !== '[') return undefined;
  let at = skipSpace(text, open + 1);
  for (let index = 0; at < text.length && text[at] !== '}' && text[at] !== ']'; index++) {
    const start = at;
    if (kind === '{') {
      const end = skipString(text, at);
      if (JSON.parse(text.slice(at, end)) === step) return start;
      at = skipSpace(text, skipSpace(text, end) + 1);
    } else if (String(index) === step) return start;
    at = skipSpace(text, skipValue(text, at));
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return undefined;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text[at] ?? '')) at++;
  return at;
}

function skipString(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function skipValue(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; ) {
    const character = text[at];
    if (character === '"') at = skipString(text, at);
    else if (character === '{' || character === '[') {
      depth++;
      at++;
    } else if (character === '}' || character === ']') {
      if (depth === 0) return at;
      depth--;
      at++;
    } else if (character === ',' && depth === 0) return at;
    else at++;
    if (depth === 0 && (text[at - 1] === '}' || text[at - 1] === ']' || text[at - 1] === '"')) return at;
  }
  return text.length;
}
