/** Workflow files and the scenario files beside them, on the disk. */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { TaktError } from '../../../engine/errors/index.ts';
import { parseWorkflowText } from '../../../engine/graph/parse.ts';
import { type ReadScenarioFile, readScenarios } from '../../../engine/simulate/index.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import { inFile, readText } from '../context.ts';

const SCENARIO = '.scenario.json';

export const isScenario = (path: string): boolean => path.endsWith(SCENARIO);

export interface LoadedScenarios {
  /** Of the scenario file. */
  path: string;
  /** Of the workflow file beside it. */
  workflow: string;
  file: ReadScenarioFile;
  /** The workflow beside it, then the further ones. */
  workflows: JsonObject[];
}

/**
 * The scenario files that are meant by paths: of a workflow file the one beside it, of a folder all in it and below.
 * Throws TaktError FILE_UNREADABLE, SCENARIO_MISSING.
 */
export async function findScenarios(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    const folder = await isFolder(path);
    const files = folder ? (await filesIn(path)).filter(isScenario) : [scenarioBeside(path)];
    if (files.length === 0) throw new TaktError('SCENARIO_MISSING', { message: `There is no scenario file in ${path}.` });
    if (!folder && !(await exists(scenarioBeside(path))))
      throw new TaktError('SCENARIO_MISSING', { message: `${scenarioBeside(path)} does not exist.` });
    found.push(...files);
  }
  return [...new Set(found)];
}

/** Throws TaktError FILE_UNREADABLE, SCENARIO_INVALID, WORKFLOW_JSON; each names the file. */
export async function loadScenarios(path: string): Promise<LoadedScenarios> {
  const workflow = join(dirname(path), `${basename(path, SCENARIO)}.json`);
  const file = await inFile(path, async () => readScenarios(await readText(path)));
  const others = file.workflows.map((other) => resolve(dirname(path), other));
  return { path, workflow, file, workflows: await Promise.all([workflow, ...others].map(readWorkflow)) };
}

/** The workflow files that are meant by a path: itself, or of a folder all in it and below. Throws TaktError FILE_UNREADABLE, WORKFLOW_JSON. */
export async function readWorkflows(path: string): Promise<JsonObject[]> {
  const files = (await isFolder(path)) ? (await filesIn(path)).filter((name) => !isScenario(name)) : [path];
  return Promise.all(files.map(readWorkflow));
}

async function readWorkflow(path: string): Promise<JsonObject> {
  return inFile(path, async () => {
    const file = parseWorkflowText(await readText(path));
    if (typeof file === 'object' && file !== null && !Array.isArray(file)) return file;
    throw new TaktError('WORKFLOW_SCHEMA', { pointer: '', message: 'A workflow file is a JSON object.' });
  });
}

const scenarioBeside = (path: string): string => (isScenario(path) ? path : path.replace(/(\.json)?$/, SCENARIO));

/** JSON files of a folder and those below, in the order of their paths. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const unreadable = (path: string, cause: unknown): TaktError =>
  new TaktError('FILE_UNREADABLE', { message: `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, cause });
