import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { TaktError } from '../../../engine/errors/index.ts';
import type { JsonObject } from '../../../schemas/json.ts';

/** The file of rows that could not be imported: one JSON object a line, with the row and every reason. */
export class BadRows {
  readonly path: string;
  #stream: WriteStream | undefined;
  #failure: Error | undefined;

  constructor(path: string) {
    this.path = path;
  }

  async add(line: number, row: JsonObject | string, error: TaktError): Promise<void> {
    this.#stream ??= createWriteStream(this.path, { mode: 0o600 }).on('error', (failure) => {
      this.#failure = failure;
    });
    const text = JSON.stringify({ line, ...error.toData(), row });
    if (!this.#stream.write(`${text}\n`) && !this.#failure) await Promise.race([once(this.#stream, 'drain'), once(this.#stream, 'close')]);
    this.#check();
  }

  /** With nothing bad, the file of an earlier import goes: it would tell of faults that are mended. */
  async close(): Promise<void> {
    if (!this.#stream) return rm(this.path, { force: true });
    this.#stream.end();
    await finished(this.#stream).catch(() => {});
    this.#check();
  }

  #check(): void {
    if (this.#failure)
      throw new TaktError('FILE_UNWRITABLE', { message: `${this.path} cannot be written: ${this.#failure.message}`, cause: this.#failure });
  }
}
