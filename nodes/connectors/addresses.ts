/** Which addresses requests may go to, asked at the moment of connecting: that covers redirects and names that change their address. */
import dns from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { Agent } from 'undici';
import { TaktError } from '../../engine/sdk.ts';

const CONNECT_MS = 10_000;
/** To one origin at once. */
export const CONNECTIONS = 16;

type Network = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** The hosts and networks of an intranet that an administrator allows. */
export class AllowList {
  readonly #hosts = new Set<string>();
  readonly #networks: Network[] = [];

  /** @param entries host names, addresses, or networks in CIDR form */
  constructor(entries: readonly string[]) {
    for (const entry of entries) {
      if (ipaddr.isValidCIDR(entry)) this.#networks.push(ipaddr.parseCIDR(entry));
      else if (ipaddr.isValid(entry)) this.#networks.push([ipaddr.parse(entry), isIP(entry) === 4 ? 32 : 128]);
      else this.#hosts.add(entry.toLowerCase());
    }
  }

  hasHost(host: string): boolean {
    return this.#hosts.has(host.toLowerCase());
  }

  hasAddress(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
    return this.#networks.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits));
  }
}

/** 2000::/3, from which all public IPv6 addresses are given out (RFC 4291, section 2.4; IANA). The rest is reserved. */
const GLOBAL_UNICAST: Network = [ipaddr.parse('2000::'), 3];

/** Is it an address of the public internet? IPv4 inside IPv6 counts as the IPv4 address. */
export function isPublic(text: string): boolean {
  const address = ipaddr.process(text);
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || address.match(GLOBAL_UNICAST[0], GLOBAL_UNICAST[1]);
}

function refusal(host: string, address: string, allow: AllowList): TaktError | undefined {
  if (allow.hasHost(host)) return undefined;
  // A zone ("fe80::1%eth0") only ever stands behind link-local addresses.
  const plain = address.split('%', 1)[0] ?? address;
  if (isIP(plain) !== 0 && (isPublic(plain) || allow.hasAddress(ipaddr.process(plain)))) return undefined;
  return new TaktError('HTTP_ADDRESS', { message: `${host} leads to ${address}, which is not a public address.` });
}

/** The system's lookup, refused as a whole if any of the name's addresses is not allowed. */
function guardedLookup(allow: AllowList): LookupFunction {
  return (host, options, callback) => {
    dns.lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      for (const { address } of addresses) {
        const refused = refusal(host, address, allow);
        if (refused) return callback(refused, '', 0);
      }
      const [first] = addresses;
      if (options.all) callback(null, addresses);
      else callback(null, first?.address ?? '', first?.family);
    });
  };
}

/** An agent that connects to public addresses only, and to those that are allowed. Its errors are TaktError HTTP_ADDRESS. */
export async function guardedAgent(allow: AllowList): Promise<Agent> {
  const { Agent, buildConnector } = await import('undici');
  const connect = buildConnector({ timeout: CONNECT_MS, lookup: guardedLookup(allow) });
  return new Agent({
    connections: CONNECTIONS,
    connect(options, callback) {
      // A literal address is connected to without a lookup.
      const host = options.hostname.replace(/^\[(.*)\]$/, '$1');
      const refused = isIP(host) === 0 ? undefined : refusal(host, host, allow);
      if (refused) callback(refused, null);
      else connect(options, callback);
    },
  });
}
