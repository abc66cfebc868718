/** A world of one seed: processes, clients and an outside over tables in memory, a storm of faults, and the rest that follows it. */
import { type Random, seededRandom } from '../../engine/ports/random.ts';
import { openMemoryDatabase } from '../../engine/store/memory/database.ts';
import type { Tables } from '../../engine/store/memory/tables.ts';
import type { Database, StoreTx } from '../../engine/store/port.ts';
import type { Bed } from './bed.ts';
import { Client, type EventChange, type Receipt } from './client.ts';
import { Life } from './life.ts';
import { type Order, ordersOf } from './load.ts';
import { Outside } from './outside.ts';
import { People } from './people.ts';
import { NO_PLANT, type Plant } from './plant.ts';
import { Process } from './process.ts';
import { Queue } from './queue.ts';
import { faultyDatabase } from './store.ts';
import { Timeline } from './timeline.ts';
import { Trace } from './trace.ts';
import { Watch } from './watch.ts';
import { Weather } from './weather.ts';
import { WORKFLOWS } from './workflows.ts';

export interface Finding {
  rule: string;
  detail: string;
}

const SECOND = 1_000;
/** The storm lasts at most so long, and orders come in its first part. */
const STORM_MS = 60 * SECOND;
/** What has not come to rest so long after the storm never will: a timer that could not be fired is tried again in an hour. */
const REST_MS = 4 * 3_600 * SECOND;
/** A process that has ended is started again after at most so long. */
const RESTART_MS = 3 * SECOND;
/** Worlds to which new leads come. */
const WITH_LEADS = 0.3;
/** How often somebody looks after failed and paused runs. */
const OPERATOR_MS = 8 * SECOND;
/** Of the other things that people do each is done in so many worlds. */
const MEDDLED = 0.3;
/** Processes that read the workflows themselves; the others know them already, which is quicker. */
const OWN_CATALOG = 0.03;
/** Worlds in which new versions are published; all of their processes read the workflows themselves. */
const PUBLISHED = 0.05;
/** Worlds with a schedule; in the others its timer is left out, since a schedule costs as much as four orders. */
const SCHEDULED = 0.2;

export class World {
  readonly tables: Tables;
  readonly outside: Outside;
  readonly queue: Queue;
  readonly trace: Trace;
  readonly weather: Weather;
  readonly people: People;
  readonly orders: readonly Order[];
  /** Keys of leads that are sent in. */
  readonly newLeads: readonly string[];
  /** What the client was told of each order, and of each lead that it sent in. */
  readonly receipts = new Map<string, Receipt>();
  /** What was broken on the way. */
  readonly findings: Finding[] = [];
  readonly bed: Bed;
  readonly hasSchedule: boolean;
  readonly #plant: Plant;
  readonly #timeline: Timeline;
  readonly #chance: Random;
  readonly #client: Client;
  readonly #database: Database;
  readonly #watch: Watch;
  readonly #publishes: boolean;
  readonly #underWay = { count: 0 };
  readonly #broken = (rule: string, detail: string): void => {
    this.findings.push({ rule, detail });
  };
  readonly #processes: (Process | undefined)[] = [];
  /** When the storm is over. */
  readonly #calm: number;
  #born = 0;
  /** Orders and leads that were sent, and answers that are still to be. */
  #sent = 0;
  #answers = 0;

  constructor(bed: Bed, seed: number, plant: Plant = NO_PLANT) {
    this.bed = bed;
    this.#plant = plant;
    this.#chance = seededRandom(seed);
    this.#timeline = new Timeline(bed.start, this.#fork());
    this.trace = new Trace(() => this.#timeline.now);
    this.#calm = bed.start + this.#whole(1, STORM_MS);
    this.weather = new Weather(this.#fork(), () => this.#timeline.now, this.#calm);
    this.outside = new Outside(this.#timeline, this.weather, this.trace);
    this.queue = new Queue(this.#timeline, this.weather, this.trace);
    this.tables = bed.tables();
    this.#publishes = this.#chance.next() < PUBLISHED;
    this.hasSchedule = this.#chance.next() < SCHEDULED;
    if (!this.hasSchedule) for (const { id } of this.tables.timers.all()) this.tables.timers.delete(id);
    this.tables.journal.forget();
    this.#watch = new Watch(this.tables, this.#broken);
    this.#database = plant.beneath(openMemoryDatabase(this.tables));
    this.orders = ordersOf(this.#fork(), this.#whole(2, 10));
    this.newLeads = this.#chance.next() < WITH_LEADS ? Array.from({ length: this.#whole(1, 3) }, (_, i) => `new-lead-${i}`) : [];
    const [timeline, { weather, trace, tables }] = [this.#timeline, this];
    const processes = (): Process[] => this.#processes.filter((process) => process !== undefined);
    this.#client = new Client({ timeline, weather, trace, processes });
    this.people = new People({ timeline, trace, tables, chance: this.#fork(), processes });
  }

  /** Lets everything happen. Gives whether the world came to rest. */
  async play(): Promise<boolean> {
    const { start } = this.bed;
    const calm = this.#calm;
    for (let i = this.#whole(1, 3); i > 0; i--) this.#start(this.#processes.length);
    // One after the other, or many at the same few moments, so that they come into one batch.
    const moments = Array.from({ length: this.#whole(1, this.orders.length) }, () => start + this.#whole(0, (calm - start) / 2));
    const soon = (act: () => Promise<void>): void => {
      this.#timeline.plan(moments[this.#whole(0, moments.length - 1)] ?? start, () => this.#do(act));
    };
    for (const order of this.orders) soon(() => this.#send(order));
    for (const key of this.newLeads) soon(() => this.#sendLead(key));
    this.#planPeople();
    this.#timeline.plan(start + this.#whole(0, OPERATOR_MS), () => this.#operate());
    this.#timeline.plan(calm, () => {
      this.trace.note('the storm is over');
      this.weather.cease();
    });
    return this.#timeline.run(calm + REST_MS, () => this.findings.length > 0 || this.#isAtRest());
  }

  async #send(order: Order): Promise<void> {
    const { id, kind, lead, shelf, keyed, answered } = order;
    const recordId = this.bed.leads.get(lead) ?? '';
    const change = { kind: 'event', type: `drill.${kind}`, topic: '', data: { order: id, shelf }, recordId } as const;
    const receipt = keyed ? await this.#client.post({ ...change, key: id }) : await this.#client.once(change);
    if (receipt) this.receipts.set(id, receipt);
    this.#sent++;
    if (answered && (kind === 'wait' || kind === 'race')) await this.#answer({ ...change, type: 'drill.answer', key: `answer-${id}` });
  }

  /** Sends a new lead in, as an import does. */
  async #sendLead(key: string): Promise<void> {
    const data = { key, last_name: key, score: 0 };
    this.receipts.set(key, await this.#client.post({ kind: 'create', entity: 'lead', data, onExisting: 'skip' }));
    this.#sent++;
  }

  async #answer(change: EventChange): Promise<void> {
    this.#answers++;
    await this.#timeline.sleep(this.#whole(0, 10 * SECOND));
    await this.#client.post(change);
    this.#answers--;
  }

  #start(place: number): void {
    const life = new Life(`process ${place}.${++this.#born}`, this.#timeline);
    const around = {
      base: this.#database,
      timeline: this.#timeline,
      weather: this.weather,
      trace: this.trace,
      broken: this.#broken,
      underWay: this.#underWay,
      onCommit: (tx: StoreTx) => {
        this.queue.commit(tx);
        this.#watch.look();
      },
    };
    const random = this.#fork();
    const process = new Process({
      life,
      database: this.#plant.above(faultyDatabase(life, around)),
      queue: this.queue.of(life),
      connectors: this.outside.connectors(life).map(this.#plant.connector),
      catalog: this.#publishes || random.next() < OWN_CATALOG ? this.bed.freshCatalog() : this.bed.catalog,
      timeline: this.#timeline,
      random,
    });
    this.#processes[place] = process;
    life.whenOver(() => {
      this.trace.note(`${life.name}: ends`);
      this.#processes[place] = undefined;
      this.#timeline.plan(this.#timeline.now + this.#whole(1, RESTART_MS), () => this.#start(place));
    });
    this.trace.note(`${life.name}: starts`);
    this.#do(() => process.start());
    this.#tick(process);
  }

  /** Once a second, as far as anything is due: a tick without that decides nothing. */
  #tick(process: Process): void {
    if (process.life.isOver) return;
    process.tick();
    const now = this.#timeline.now;
    const due = Math.max(now, this.#nextDue() ?? Number.POSITIVE_INFINITY);
    const wait = Math.min(60, Math.ceil((due - now + 1) / SECOND));
    this.#timeline.plan(now + wait * SECOND, () => this.#tick(process));
  }

  #nextDue(): number | null {
    const { runsDue, timersDue } = this.tables;
    const due = [runsDue.first(), timersDue.first(), this.queue.nextDue()].filter((at) => at !== null);
    return due.length > 0 ? Math.min(...due) : null;
  }

  /** Somebody looks now and then after failed and paused runs, also while the storm lasts. */
  #operate(): void {
    this.#do(() => this.people.lookAfter());
    this.#timeline.plan(this.#timeline.now + OPERATOR_MS, () => this.#operate());
  }

  /** What people do beside that, in some worlds. */
  #planPeople(): void {
    const { people } = this;
    const plan = (most: number, act: () => Promise<void>): void => {
      if (this.#chance.next() >= MEDDLED) return;
      for (let i = this.#whole(1, most); i > 0; i--) {
        this.#timeline.plan(this.#whole(this.bed.start, this.#calm), () => this.#do(act));
      }
    };
    if (this.#publishes) {
      for (let i = this.#whole(1, 3); i > 0; i--) {
        const file = { ...WORKFLOWS[this.#whole(0, WORKFLOWS.length - 1)], name: `Version ${i}` };
        this.#timeline.plan(this.#whole(this.bed.start, this.#calm), () => this.#do(() => people.publish(file)));
      }
    }
    plan(1, () => people.startBulk());
    plan(5, () => people.pauseOne());
    plan(2, () => people.cancelOne());
  }

  /** What keeps it from being at rest, in words. */
  unrest(): string {
    const runs = this.tables.runs.all().filter((run) => run.status === 'failed' || run.dueAt !== null);
    return [
      `what is still to be taken: ${this.orders.length + this.newLeads.length - this.#sent}`,
      `jobs of effects: ${this.queue.jobs.length}`,
      `timers: ${this.tables.timers.all().length}`,
      ...runs.map((run) => `${run.workflowId} ${run.id} is ${run.status}${run.error ? `: ${run.error.code} ${run.error.message}` : ''}`),
    ].join('; ');
  }

  /** All that is in the tables, as text. */
  state(): string {
    const { records, runs, steps, events, effects, signals, waits, timers, marks, pointers, jobs } = this.tables;
    return JSON.stringify(
      [records, runs, steps, events, effects, signals, waits, timers, marks, pointers, jobs].map((table) => table.all()),
    );
  }

  #isAtRest(): boolean {
    return (
      !this.weather.storm &&
      this.#underWay.count === 0 &&
      this.#sent === this.orders.length + this.newLeads.length &&
      this.#answers === 0 &&
      this.people.busy === 0 &&
      this.#nextDue() === null &&
      this.tables.runs.all().every((run) => run.status !== 'failed' && run.status !== 'paused') &&
      this.tables.jobs.all().every((job) => job.status !== 'running')
    );
  }

  #do(work: () => Promise<unknown>): void {
    work().catch((error: unknown) => {
      this.findings.push({ rule: 'what a process does by itself throws nothing', detail: String(error) });
    });
  }

  #fork(): Random {
    return seededRandom(Math.floor(this.#chance.next() * 2 ** 32));
  }

  #whole(least: number, most: number): number {
    return least + Math.floor(this.#chance.next() * (most - least + 1));
  }
}
