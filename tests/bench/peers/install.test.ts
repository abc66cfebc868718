import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { install, manifest } from './install.ts';
import { chosenPeers, peers } from './peers.ts';

describe('The peers of the benchmark', () => {
  let folder: string;
  let calls: string[];
  const npm = async (where: string, [command = '']: readonly string[]): Promise<void> => {
    calls.push(`${command} in ${where}`);
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'takt-peers-'));
    calls = [];
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('are installed once, into their own folder, with the programs beside them', async () => {
    const programs = await install(folder, peers, npm);
    await install(folder, peers, npm);
    expect(calls).toEqual([`install in ${folder}`]);
    expect(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))).toEqual(manifest(peers));
    expect(await readdir(programs)).toEqual(expect.arrayContaining(peers.map(({ program }) => program)));
  });

  test('are installed anew when a version changes', async () => {
    await install(folder, peers, npm);
    const [first] = peers;
    if (!first) throw new Error('There are no peers.');
    await install(folder, [{ ...first, packages: { [first.name]: '99.0.0' } }], npm);
    expect(calls).toHaveLength(2);
  });

  test('are installed again after an installation that failed', async () => {
    const failing = async (): Promise<void> => {
      throw new Error('npm install ended with 1.');
    };
    await expect(install(folder, peers, failing)).rejects.toThrow('ended with 1');
    await install(folder, peers, npm);
    expect(calls).toHaveLength(1);
  });

  test('are pinned to exact versions', () => {
    for (const { packages } of peers) {
      for (const version of Object.values(packages)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    }
  });

  test('are chosen by name; an unknown name is told with those that there are', () => {
    expect(chosenPeers('dbos, restate').map(({ name }) => name)).toEqual(['dbos', 'restate']);
    expect(chosenPeers(undefined)).toBe(peers);
    expect(() => chosenPeers('temporal')).toThrow(
      'There is no peer "temporal". Peers: graphile-worker, pg-boss, dbos, openworkflow, restate.',
    );
  });
});
