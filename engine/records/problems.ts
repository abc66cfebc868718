import { type ErrorCode, TaktError } from '../errors/index.ts';

/** More than these would not help anybody to correct an input, but would cost time and log space. */
const MAX_PROBLEMS = 100;
const SHOWN = 60;

/** A string from outside as it may stand in a message: short, one line, storable. */
export function shown(text: string): string {
  const points = Array.from(text.slice(0, SHOWN * 2).toWellFormed());
  const short = points.slice(0, SHOWN).join('');
  const line = short.replace(/\p{Cc}/gu, '\ufffd');
  return `"${line}${short.length < text.length ? '…' : ''}"`;
}

/** One step of a JSON pointer (RFC 6901), bounded. */
export function pointerStep(name: string): string {
  return name.slice(0, 200).replaceAll('~', '~0').replaceAll('/', '~1');
}

/** Pointers and messages may contain names from outside; errors are stored with the steps of runs. */
function storable(text: string): string {
  return text.slice(0, 1000).toWellFormed().replaceAll('\0', '\ufffd');
}

/** Gathers what is wrong, so that all of it is told at once. */
export class Problems {
  readonly #found: TaktError[] = [];
  #more = 0;

  get none(): boolean {
    return this.#found.length === 0;
  }

  add(code: ErrorCode, pointer: string, message: string, hint?: string, cause?: unknown): void {
    if (this.#found.length >= MAX_PROBLEMS) {
      this.#more++;
      return;
    }
    this.#found.push(
      new TaktError(code, {
        pointer: storable(pointer),
        message: storable(message),
        ...(hint === undefined ? {} : { hint }),
        ...(cause === undefined ? {} : { cause }),
      }),
    );
  }

  /** Throws `code` with all that was found; does nothing where nothing was. */
  throwAs(code: ErrorCode, subject: string): void {
    if (!this.none) throw this.toError(code, subject);
  }

  toError(code: ErrorCode, subject: string): TaktError {
    const rest = this.#more > 0 ? ` (the first ${MAX_PROBLEMS} of ${MAX_PROBLEMS + this.#more} are listed)` : '';
    const what = this.#found.map((error) => error.message.replace(/\.$/, ''));
    const listed = what.slice(0, 3).join('; ') + (what.length > 3 ? `; and ${what.length - 3} more` : '');
    return new TaktError(code, { message: `${subject}: ${listed}${rest}`, errors: this.#found });
  }
}
