import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** Every file that a process loads for one of Takt's, by its place in the project. */
async function loadedBy(module: string): Promise<string[]> {
  const code = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
    await import(${JSON.stringify(pathToFileURL(join(root, module)).href)});
    console.log(JSON.stringify(loaded));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], { maxBuffer: 10_000_000 });
  const urls: string[] = JSON.parse(stdout);
  return urls.flatMap((url) => (url.startsWith('file:') ? fileURLToPath(url).slice(root.length) : []));
}

it.each(['api/cli/program.ts', 'api/start/start.ts'])(
  '%s loads neither engine nor server nor a driver before the database comes up',
  async (module) => {
    const loaded = await loadedBy(module);
    expect(loaded).toContain(module);
    const heavy =
      /^(engine\/(store\/(?!trouble|sql-state)|run|graph|records|simulate)|nodes\/|api\/server\/(?!safe-logger))|^node_modules\/(drizzle-orm|pg|typebox|ajv|fastify)\//;
    expect(loaded.filter((file) => heavy.test(file))).toEqual([]);
  },
);

it('the engine loads a library for rare work with the first such work', async () => {
  const loaded = await loadedBy('api/start/settle.ts');
  expect(loaded).toContain('engine/engine.ts');
  const rare = /^node_modules\/(libphonenumber-js|undici|nodemailer|pdfmake|date-holidays|@electric-sql)\//;
  expect(loaded.filter((file) => rare.test(file))).toEqual([]);
});

it('drizzle is loaded by its CommonJS files alone', async () => {
  const loaded = await loadedBy('engine/store/sql-database.ts');
  const drizzle = loaded.filter((file) => file.startsWith('node_modules/drizzle-orm/'));
  expect(drizzle.length).toBeGreaterThan(0);
  expect(drizzle.filter((file) => !file.endsWith('.cjs'))).toEqual([]);
});
