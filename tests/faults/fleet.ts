/** The processes of a world: each is started again when it has ended, and all work on the same tables. */
import type { Random } from '../../engine/ports/random.ts';
import { openMemoryDatabase } from '../../engine/store/memory/database.ts';
import type { Tables } from '../../engine/store/memory/tables.ts';
import type { Database, StoreTx } from '../../engine/store/port.ts';
import type { Bed } from './bed.ts';
import { fork, oneOf, whole } from './chance.ts';
import { Life } from './life.ts';
import type { Outside } from './outside.ts';
import type { Plant } from './plant.ts';
import { Process } from './process.ts';
import type { Queue } from './queue.ts';
import { faultyDatabase } from './store.ts';
import type { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';
import { Watch } from './watch.ts';
import type { Weather } from './weather.ts';

const TICK_MS = 1_000;
/** A tick comes after at most so many others that were left out. */
const TICKS_LEFT_OUT = 60;
/** A process that has ended is started again after at most so long. */
const RESTART_MS = 3_000;
/** Processes that read the workflows themselves; the others know them already, which is quicker. */
const OWN_CATALOG = 0.03;

export interface FleetParts {
  bed: Bed;
  tables: Tables;
  queue: Queue;
  outside: Outside;
  timeline: Timeline;
  weather: Weather;
  trace: Trace;
  chance: Random;
  plant: Plant;
  /** All processes read the workflows themselves, since new versions come. */
  ownCatalogs: boolean;
  broken(rule: string, detail: string): void;
}

export class Fleet {
  readonly #parts: FleetParts;
  readonly #database: Database;
  readonly #watch: Watch;
  readonly #underWay = { count: 0 };
  readonly #stopping = new Set<Process>();
  readonly #places: (Process | undefined)[] = [];
  #born = 0;

  constructor(parts: FleetParts) {
    this.#parts = parts;
    this.#database = parts.plant.beneath(openMemoryDatabase(parts.tables));
    this.#watch = new Watch(parts.tables, parts.broken);
  }

  /** Those that are running. */
  get processes(): Process[] {
    return this.#places.filter((process) => process !== undefined);
  }

  /** Is a transaction under way? What it has written may be taken back yet. */
  get isWriting(): boolean {
    return this.#underWay.count > 0;
  }

  start(count: number): void {
    for (let i = 0; i < count; i++) this.#start(i);
  }

  /** As when the power fails: all at the same moment. */
  endAll(): void {
    for (const process of this.processes) process.life.end();
  }

  /** Tells one to end; until it has it takes nothing from clients any more. */
  async stopOne(): Promise<void> {
    const process = oneOf(this.#parts.chance, this.processes);
    if (!process) return;
    this.#places[this.#places.indexOf(process)] = undefined;
    this.#parts.trace.note(`${process.life.name}: is told to end`);
    this.#stopping.add(process);
    process.life.whenOver(() => this.#stopping.delete(process));
    await Promise.race([process.stop(), process.life.ended.catch(() => {})]);
    process.life.end();
  }

  /** Is one that was told to end still running? */
  get isStopping(): boolean {
    return this.#stopping.size > 0;
  }

  /** When something is due next by itself, milliseconds since the epoch; null where nothing is. */
  nextDue(): number | null {
    const { tables, queue } = this.#parts;
    const due = [tables.runsDue.first(), tables.timersDue.first(), queue.nextDue()].filter((at) => at !== null);
    return due.length > 0 ? Math.min(...due) : null;
  }

  #start(place: number): void {
    const { bed, queue, outside, timeline, weather, trace, plant, broken, ownCatalogs } = this.#parts;
    const chance = fork(this.#parts.chance);
    const life = new Life(`process ${place + 1}.${++this.#born}`, timeline);
    const onCommit = (tx: StoreTx): void => {
      queue.commit(tx);
      this.#watch.look();
    };
    const database = faultyDatabase(life, { base: this.#database, timeline, weather, trace, broken, underWay: this.#underWay, onCommit });
    const process = new Process({
      life,
      database: plant.above(database),
      queue: queue.of(life),
      connectors: outside.connectors(life).map(plant.connector),
      catalog: ownCatalogs || chance.next() < OWN_CATALOG ? bed.freshCatalog() : bed.catalog,
      timeline,
      random: chance,
    });
    this.#places[place] = process;
    life.whenOver(() => {
      trace.note(`${life.name}: ends`);
      this.#places[place] = undefined;
      timeline.plan(timeline.now + whole(chance, 1, RESTART_MS), () => this.#start(place));
    });
    trace.note(`${life.name}: starts`);
    process.start().catch((error: unknown) => broken('a process starts', String(error)));
    this.#tick(process);
  }

  /** Once a second, as far as anything is due: a tick without that decides nothing. */
  #tick(process: Process): void {
    if (process.life.isOver) return;
    process.tick();
    const { timeline } = this.#parts;
    const wait = Math.max(0, (this.nextDue() ?? Number.POSITIVE_INFINITY) - timeline.now);
    const ticks = Math.min(TICKS_LEFT_OUT, Math.ceil((wait + 1) / TICK_MS));
    timeline.plan(timeline.now + ticks * TICK_MS, () => this.#tick(process));
  }
}
