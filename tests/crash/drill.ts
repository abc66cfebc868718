/** The drill: load, faults, rest, books. */
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { type Random, seededRandom } from '../../engine/ports/random.ts';
import { audit, type Finding } from './books.ts';
import { Client } from './client.ts';
import { inflict } from './faults.ts';
import { type Installation, install } from './installation.ts';
import { type Order, ordersFrom } from './load.ts';
import { openOutside } from './outside.ts';
import { type Fault, faultPlan, PROCESSES } from './plan.ts';
import { settled } from './rest.ts';

/** Clients that post side by side. */
const CLIENTS = 6;
/** Between two orders of a client, milliseconds: about 15 orders a second come in all. */
const ORDER_MS = 350;
/** How often the plan is looked at, milliseconds. */
const LOOK_MS = 10;

export interface DrillOptions {
  kills: number;
  seed: number;
  /** Hears how it goes. */
  say(text: string): void;
  /** Breaks the faults off; what was begun is settled and audited. */
  signal?: AbortSignal;
}

export interface DrillResult {
  /** Processes that were killed. */
  kills: number;
  /** Events that were taken: orders and answers. */
  events: number;
  lost: number;
  doubled_inside: number;
  outside_without_key: number;
  stuck: number;
  seed: number;
  seconds: number;
  cuts: number;
  freezes: number;
  /** Requests and mails that came to the outside more than once, under the key of the first. */
  repeated_outside: number;
  /** Requests of clients that had to be sent again. */
  repeated_inside: number;
  findings: Finding[];
  /** Processes that ended though nobody had killed them, with what they said last. */
  ended_by_themselves: string[];
}

/** Throws where the installation cannot be set up, or refuses what it must take. */
export async function drill({ kills, seed, say, signal }: DrillOptions): Promise<DrillResult> {
  const begun = performance.now();
  const outside = await openOutside();
  try {
    const installation = await install({ TAKT_SMTP_URL: outside.smtpUrl, TAKT_HTTP_ALLOW: '127.0.0.1' });
    try {
      const client = new Client(installation.origin, installation.key);
      await client.prepare(outside.origin);
      const load = new Load(client, seededRandom(seed));
      const done = await carryOut(faultPlan(kills, seededRandom(seed + 1)), { installation, load, say, signal });
      await load.end();
      say(`${load.taken.length} orders are taken; waiting until all is quiet`);
      await Promise.all(PROCESSES.map((name) => installation.process(name).ready()));
      await settled(installation.superuserUrl, say);
      const evidence = { orders: load.taken, received: outside.received() };
      const findings = await books(installation.superuserUrl, evidence);
      const told = new Set(evidence.received.map(({ channel, order }) => `${channel} ${order}`));
      const of = (fault: Finding['fault']): number => findings.filter((one) => one.fault === fault).length;
      return {
        kills: done.kill,
        events: load.taken.length + load.answered,
        lost: of('lost'),
        doubled_inside: of('doubled_inside'),
        outside_without_key: of('outside_without_key'),
        stuck: of('stuck'),
        seed,
        seconds: Math.round((performance.now() - begun) / 1_000),
        cuts: done.cut,
        freezes: done.freeze,
        repeated_outside: evidence.received.length - told.size,
        repeated_inside: client.repeated,
        findings,
        ended_by_themselves: installation.ends,
      };
    } finally {
      await installation.close();
    }
  } finally {
    await outside.close();
  }
}

async function books(url: string, evidence: Parameters<typeof audit>[1]): Promise<Finding[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await audit(client, evidence);
  } finally {
    await client.end();
  }
}

interface Scene {
  installation: Installation;
  load: Load;
  say(text: string): void;
  signal: AbortSignal | undefined;
}

/** @returns how many faults of each kind there were */
async function carryOut(plan: readonly Fault[], { installation, load, say, signal }: Scene): Promise<Record<Fault['kind'], number>> {
  const done = { kill: 0, cut: 0, freeze: 0 };
  const frozen: Promise<void>[] = [];
  const failures: unknown[] = [];
  for (const fault of plan) {
    if (signal?.aborted) break;
    const orders = load.taken.length + fault.afterOrders;
    const until = performance.now() + fault.patienceMs;
    while (load.taken.length < orders && performance.now() < until) await pause(LOOK_MS);
    load.throwIfFailed();
    if (failures.length > 0) throw failures[0];
    const lasting = inflict(installation, fault);
    // Nobody awaits it yet: were it to fail meanwhile, the process would end at once, with the installation left where it stands.
    if (fault.kind === 'freeze') frozen.push(lasting.catch((error: unknown) => void failures.push(error)));
    else await lasting;
    done[fault.kind]++;
    if (fault.kind === 'kill' && done.kill % 25 === 0) say(`${done.kill} kills, ${load.taken.length} orders taken`);
  }
  await Promise.all(frozen);
  if (failures.length > 0) throw failures[0];
  return done;
}

/** Clients that post orders, and answer those that wait for it, until it ends. */
class Load {
  readonly #client: Client;
  readonly taken: Order[] = [];
  answered = 0;
  #ending = false;
  #failure: unknown;
  readonly #clients: Promise<void>[];

  constructor(client: Client, random: Random) {
    this.#client = client;
    const orders = ordersFrom(random);
    this.#clients = Array.from({ length: CLIENTS }, () =>
      this.#work(orders).catch((error: unknown) => {
        this.#failure ??= error;
      }),
    );
  }

  throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Resolves when everything that was begun is taken. */
  async end(): Promise<void> {
    this.#ending = true;
    await Promise.all(this.#clients);
    this.throwIfFailed();
  }

  async #work(orders: Generator<Order, never, void>): Promise<void> {
    while (!this.#ending) {
      const order = orders.next().value;
      await this.#client.post(order);
      this.taken.push(order);
      await pause(ORDER_MS);
      if (order.kind !== 'wait' || order.silent) continue;
      await this.#client.answer(order);
      this.answered++;
    }
  }
}
