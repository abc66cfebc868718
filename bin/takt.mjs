#!/usr/bin/env node
// The door to api/main.ts. Plain JavaScript of long ago, so that it also runs where Node is too old to read TypeScript.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// How much V8 lets new objects pile up (megabytes), which can only be said as it starts. Left to itself it takes twice that, and a busy
// worker 408 MB at its peak instead of 292, at the same rate.
const FLAGS = ['--max-semi-space-size=16'];

const main = fileURLToPath(new URL('../api/main.ts', import.meta.url));
const installed = fileURLToPath(new URL('../node_modules/', import.meta.url));
const bundled = fileURLToPath(new URL(`../node_modules/node/bin/node${process.platform === 'win32' ? '.exe' : ''}`, import.meta.url));
// Beside the packages, where nobody may write who may not change the program itself. Not writable: Node does without.
const compiled = fileURLToPath(new URL('../node_modules/.cache/takt', import.meta.url));

const recent = Number(process.versions.node.split('.')[0]) >= 24;

if (!existsSync(installed)) {
  fail('The packages of Takt are not installed.', 'Run npm install in the folder of Takt first.');
} else if (recent || existsSync(bundled)) {
  // npm install brings the right Node along.
  run(recent ? process.execPath : bundled, [...(recent ? process.execArgv : []), ...FLAGS, main, ...process.argv.slice(2)]);
} else {
  fail(`Takt needs Node 24 or newer; this is Node ${process.versions.node}.`, 'Run npm install, which brings it, or install Node 24.');
}

function run(node, argv) {
  const env = { NODE_COMPILE_CACHE: compiled, ...process.env };
  // Takes this process's place where Node can do that (from 22.15 on, not on Windows): nobody stands between a supervisor and Takt.
  if (process.execve && process.platform !== 'win32') process.execve(node, [node, ...argv], env);
  const child = spawn(node, argv, { stdio: 'inherit', env });
  child.on('error', (error) => fail(`The Node that npm installed cannot be started: ${error.message}`, 'Use Node 24 or newer.'));
  child.on('exit', (code, signal) => {
    process.exitCode = signal === null ? (code ?? 1) : 1;
  });
  // A terminal sends Ctrl-C to both; the child decides what it means.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
}

function fail(message, hint) {
  console.error(`${message}\n${hint}`);
  process.exitCode = 1;
}
