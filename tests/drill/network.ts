/** Machines that are network namespaces of this one, joined by a bridge, so that the way to each can be cut. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ip = async (...args: string[]): Promise<string> => (await run('ip', args)).stdout;

/** Of the range that is kept for measurements of networks (RFC 2544): no real network is hidden by it. */
const NET = '198.18.77';
const BRIDGE = 'taktdrill0';

const space = (name: string): string => `taktdrill-${name}`;
const cable = (name: string): string => `tkd-${name}`;

/** Sends one datagram to each neighbour from the address. */
const GREET = `const [address, neighbours] = process.argv.slice(1);
const socket = require('node:dgram').createSocket('udp4');
socket.bind(0, address, () => {
  const list = JSON.parse(neighbours);
  let left = list.length;
  for (const to of list) socket.send('', 9, to, () => --left === 0 && setTimeout(() => socket.close(), 1_200));
});`;

export interface Machine {
  readonly address: string;
  /** What to put before a command line, so that it runs there, as another account if need be. */
  enter(account?: { uid: number; gid: number }): string[];
  /** Nothing gets through any more, in either direction; nobody is told. */
  cut(): Promise<void>;
  heal(): Promise<void>;
  /** Takes an address that another machine has had, and tells the neighbours so. */
  take(address: string): Promise<void>;
}

export interface Network {
  machine(name: string, host: number): Promise<Machine>;
  address(host: number): string;
  close(): Promise<void>;
}

/** @throws Error in a sentence, where this machine does not allow it */
export async function openNetwork(): Promise<Network> {
  if (process.getuid?.() !== 0) throw new Error('The drill makes network namespaces: it must be started by root.');
  await ip('-V').catch((cause: unknown) => {
    throw new Error('The drill needs the program "ip" (on Debian: apt-get install iproute2).', { cause });
  });
  const names: string[] = [];
  const close = async (): Promise<void> => {
    // The cable first: a namespace takes it away some time after it has gone itself, and the next drill would find it.
    // One that has not come into being is no trouble.
    for (const name of names.splice(0)) {
      await ip('link', 'delete', cable(name)).catch(() => {});
      await ip('netns', 'delete', space(name));
    }
    await ip('link', 'delete', BRIDGE);
  };
  await ip('link', 'add', BRIDGE, 'type', 'bridge').catch((cause: unknown) => {
    throw new Error(`No bridge can be made. Is another drill under way? If not: ip link delete ${BRIDGE}`, { cause });
  });
  try {
    await ip('address', 'add', `${NET}.1/24`, 'dev', BRIDGE);
    await ip('link', 'set', BRIDGE, 'up');
  } catch (error) {
    await close();
    throw error;
  }
  return {
    close,
    address: (host) => `${NET}.${host}`,
    async machine(name, host) {
      const port = cable(name);
      await ip('netns', 'add', space(name));
      names.push(name);
      const inside = (...args: string[]): Promise<string> => ip('-n', space(name), ...args);
      await ip('link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', space(name));
      await ip('link', 'set', port, 'master', BRIDGE, 'up');
      await inside('address', 'add', `${NET}.${host}/24`, 'dev', 'eth0');
      await inside('link', 'set', 'lo', 'up');
      await inside('link', 'set', 'eth0', 'up');
      return {
        address: `${NET}.${host}`,
        enter: (account) => [
          'nsenter',
          `--net=/run/netns/${space(name)}`,
          ...(account ? [`--setuid=${account.uid}`, `--setgid=${account.gid}`] : []),
          '--',
        ],
        // Taken off the bridge, the link stays up: whoever is behind it notices nothing, as behind a switch that has failed.
        cut: async () => void (await ip('link', 'set', port, 'nomaster')),
        heal: async () => void (await ip('link', 'set', port, 'master', BRIDGE)),
        async take(address) {
          await inside('address', 'add', `${address}/24`, 'dev', 'eth0');
          // With this the kernel tells its addresses to the neighbours when a link comes up.
          await run('nsenter', [`--net=/run/netns/${space(name)}`, '--', 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/conf/eth0/arp_notify']);
          await inside('link', 'set', 'eth0', 'down');
          await inside('link', 'set', 'eth0', 'up');
          // The bridge may lose what comes in its first moment. So the neighbours are looked for from the new address, which the kernel
          // does three times, and by which they learn it, too: keepalived repeats its announcements for the same reason.
          const neighbours = JSON.stringify([1, 21, 22].map((neighbour) => `${NET}.${neighbour}`));
          await run('nsenter', [`--net=/run/netns/${space(name)}`, '--', process.execPath, '-e', GREET, address, neighbours]);
        },
      };
    },
  };
}
