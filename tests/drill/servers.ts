/** PostgreSQL on machines of the drill: a primary, and a standby that follows it by streaming replication. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, chmod, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findBinaries } from '../../engine/home/binaries.ts';
import { runCluster, stopCluster } from '../../engine/home/cluster.ts';
import { choosePlace, clusterFolder } from '../../engine/home/place.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { answers, query } from '../home/support.ts';
import type { Machine } from './network.ts';

const PORT = '5432';

export interface Servers {
  folder: string;
  /** The address of Takt's database, and of the superuser's, on a host. */
  url(host: string): string;
  superuserUrl(host: string): string;
  primary: ChildProcess;
  standby: ChildProcess | undefined;
  close(): Promise<void>;
}

export interface Roles {
  primary: Machine;
  standby?: Machine;
  /** Does the primary wait with a commit until the standby has it on its disk? */
  synchronous?: boolean;
}

/** The standby begins with a copy of the primary's files, made before the primary starts. */
export async function openServers({ primary, standby, synchronous = false }: Roles): Promise<Servers> {
  const folder = await mkdtemp(join(tmpdir(), 'takt-drill-'));
  await chmod(folder, 0o711);
  const place = await choosePlace(join(folder, 'primary'));
  const access = await runCluster(place, {}, silentLogger);
  await stopCluster(place.folder, silentLogger);
  const { postgres } = await findBinaries(place.folder, place.account);
  const pgdata = clusterFolder(place.folder);
  const net = primary.address.replace(/\d+$/, '0/24');
  await appendFile(join(pgdata, 'pg_hba.conf'), `host all all ${net} scram-sha-256\nhost replication all ${net} scram-sha-256\n`);
  const url = (from: string, host: string): string => {
    const to = new URL(from);
    to.host = `${host}:${PORT}`;
    return to.href;
  };
  const started: ChildProcess[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(started.map((server) => end(server, 'SIGINT')));
    await rm(folder, { recursive: true, force: true });
  };
  async function start(machine: Machine, data: string, settings: Record<string, string>): Promise<ChildProcess> {
    const fixed = { listen_addresses: '*', port: PORT, unix_socket_directories: '', fsync: 'on', ...settings };
    const options = Object.entries(fixed).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const [program = '', ...rest] = [...machine.enter(place.account), postgres, '-D', data, ...options];
    const server = spawn(program, rest, { cwd: '/', env: { PATH: process.env.PATH ?? '' }, stdio: 'ignore' });
    started.push(server);
    while (!(await answers(url(access.superuserUrl, machine.address)))) {
      if (server.exitCode !== null) throw new Error(`PostgreSQL did not start on ${machine.address}.`);
      await pause(100);
    }
    return server;
  }
  try {
    const copy = join(folder, 'standby');
    if (standby) {
      await cp(pgdata, copy, { recursive: true });
      const { password } = new URL(access.superuserUrl);
      await writeFile(join(copy, 'standby.signal'), '');
      const from = `host=${primary.address} port=${PORT} user=postgres password=${password} application_name=standby`;
      await appendFile(join(copy, 'postgresql.auto.conf'), `primary_conninfo = '${from}'\n`);
      await ownAll(copy, place.account);
      await chmod(copy, 0o700);
    }
    const first = await start(primary, pgdata, { wal_keep_size: '512MB', max_wal_senders: '5' });
    const second = standby && (await start(standby, copy, { hot_standby: 'on' }));
    const admin = url(access.superuserUrl, primary.address);
    if (standby) {
      while ((await query(admin, "select 1 from pg_stat_replication where state = 'streaming'")).length === 0) await pause(100);
      if (synchronous) {
        await query(admin, "alter system set synchronous_standby_names = 'standby'");
        await query(admin, 'select pg_reload_conf()');
        while ((await query(admin, "select 1 from pg_stat_replication where sync_state = 'sync'")).length === 0) await pause(100);
      }
    }
    return {
      folder,
      url: (host) => url(access.url, host),
      superuserUrl: (host) => url(access.superuserUrl, host),
      primary: first,
      standby: second,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function ownAll(folder: string, account: { uid: number; gid: number } | undefined): Promise<void> {
  if (!account) return;
  const child = spawn('chown', ['-R', `${account.uid}:${account.gid}`, folder], { stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${folder} cannot be given to the account of PostgreSQL.`);
}

export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}
