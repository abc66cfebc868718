/** Shipped workflow files with more records than a scenario can list. */
import { fileURLToPath } from 'node:url';
import { readWorkflows } from '../../api/cli/simulate/files.ts';
import type { JsonObject } from '../../schemas/json.ts';
import type { TestEngine } from '../engine/support.ts';

export const DAY = 86_400_000;

/** @param path below workflows/, without the extension */
export async function shipped(path: string): Promise<JsonObject> {
  const [file] = await readWorkflows(fileURLToPath(new URL(`../../workflows/${path}.json`, import.meta.url)));
  if (!file) throw new Error(`There is no workflow ${path}.`);
  return file;
}

/** A file with other settings for some of its parts: what somebody changes before publishing it anew. */
export function changed(file: JsonObject, member: 'settings' | 'nodes', name: string, value: JsonObject): JsonObject {
  const part = file[member];
  if (typeof part !== 'object' || part === null || Array.isArray(part) || part[name] === undefined)
    throw new Error(`The file has no ${member}.${name}.`);
  return { ...file, [member]: { ...part, [name]: value } };
}

/** All runs of a workflow, the newest first. */
export async function runsOf({ engine }: TestEngine, workflowId: string) {
  const found = [];
  let cursor: string | undefined;
  do {
    const page = await engine.runs.page({ workflowId }, 200, cursor);
    found.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return found;
}
