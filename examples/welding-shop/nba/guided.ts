/** The month with next best action: the deals go through Takt in virtual time, and people work by the lists that it makes. */
import { readFile } from 'node:fs/promises';
import { simulationParts } from '../../../api/cli/simulate/parts.ts';
import { answerRecommendation } from '../../../api/recommendations/answer.ts';
import { type RecommendationMeasures, recommendationMeasures } from '../../../api/recommendations/measures.ts';
import { type EffectFact, type Fact, OUTSIDE, type RecordFact, World } from '../../../engine/simulate/index.ts';
import type { NamedRecord } from '../../../schemas/action.ts';
import type { Json, JsonObject } from '../../../schemas/json.ts';
import { spanAt } from '../hours.ts';
import { recordsOf } from '../month/records.ts';
import type { Shop } from '../people.ts';
import type { Timetable } from './days.ts';
import { type Deal, outcomeOf } from './deals.ts';
import { type DeclineReason, Desk, type Hands, type Line } from './desk.ts';
import { inRussian } from './russian.ts';
import { ACTIONS, type ActionName, type Treated } from './truth.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const WORKFLOWS = ['next-best-action', 'day-lists', 'what-came'];
/** What was done at the end of the month has its outcome in the days that follow; nobody works then. */
const AFTER = 8 * DAY;
/** Deals that are open at the beginning are there an hour before the first list. */
const BEFORE = 4 * HOUR;

type Locale = 'en' | 'ru';

export interface GuidedMonth {
  readonly deals: readonly Deal[];
  readonly tables: readonly Timetable[];
  readonly shop: Shop;
  readonly seed: number;
  /** Milliseconds since the epoch; `until` does not belong to the month. */
  readonly from: number;
  readonly until: number;
  readonly locale?: Locale;
  /** Where only the beginning is asked for: nothing that comes after this moment is known. */
  readonly stopAt?: number;
}

/** A list as it was sent to a person. */
export interface SentList {
  readonly person: string;
  readonly at: number;
  readonly text: string;
}

export interface Guided {
  /** What was done with which deal, by its id. */
  readonly done: ReadonlyMap<string, Treated>;
  readonly lists: readonly SentList[];
  readonly measures: RecommendationMeasures['total'];
  /** Deals that are recommended nothing, to compare with. */
  readonly heldOut: ReadonlySet<string>;
}

/**
 * @param onPassed told now and then which share of the time has passed
 * @throws where a run has failed: a month of such runs would say nothing
 */
export async function guidedMonth(month: GuidedMonth, onPassed: (share: number) => void = () => {}): Promise<Guided> {
  const world = new World(await simulationParts(), { start: month.from - BEFORE, seed: month.seed });
  const play = new Play(world, month);
  await play.begin();
  const end = month.stopAt ?? month.until + AFTER;
  await world.advanceTo(end, (now) => onPassed((now - month.from) / (end - month.from)));
  return play.sum();
}

class Play {
  readonly #world: World;
  readonly #month: GuidedMonth;
  readonly #desks = new Map<string, Desk>();
  /** By the id of their record. */
  readonly #deals = new Map<string, Deal>();
  readonly #started = new Set<string>();
  readonly #done = new Map<string, Treated>();
  readonly #lists: SentList[] = [];
  readonly #heldOut = new Set<string>();
  #failed: string | undefined;

  constructor(world: World, month: GuidedMonth) {
    this.#world = world;
    this.#month = month;
  }

  async begin(): Promise<void> {
    const world = this.#world;
    const { shop, tables, deals, seed, locale = 'en', until } = this.#month;
    await world.define({ deal: { fields: { industry: { type: 'text', title: 'Industry' } } } }, []);
    const people = shop.people.filter(({ as }) => tables.some(({ person }) => person.as === as));
    for (const record of recordsOf({ ...shop, people })) if (record.entity !== 'company') await this.#make(record);
    for (const table of tables) {
      this.#desks.set(world.names.idOf(table.person.as), new Desk(seed, table, this.#handsOf(table.person.as)));
      for (const record of meetingsOf(table)) await this.#make(record);
    }
    const files = await Promise.all(WORKFLOWS.map(readWorkflow));
    await world.publish(locale === 'ru' ? files.map(inRussian) : files);
    world.hear((fact) => this.#hear(fact));
    for (const deal of deals) this.#planDeal(deal);
    world.plan(until, () => this.#goHome());
  }

  async sum(): Promise<Guided> {
    if (this.#failed !== undefined) throw new Error(`A run has failed: ${this.#failed}`);
    const at = (ms: number): string => new Date(ms).toISOString();
    const { total } = await recommendationMeasures(this.#world.engine, { from: at(this.#world.start), until: at(this.#world.now) });
    return { done: this.#done, lists: this.#lists, measures: total, heldOut: this.#heldOut };
  }

  async #make({ entity, data = {}, as }: NamedRecord): Promise<string> {
    const { names, engine } = this.#world;
    const made = await engine.intake.submitOne({ kind: 'create', entity, data: names.resolve(data), onExisting: 'error' }, OUTSIDE);
    if (made.kind !== 'record') throw new TypeError('A record was to be made.');
    if (as !== undefined) names.give(as, made.record.id);
    return made.record.id;
  }

  async #change(id: string, data: JsonObject): Promise<void> {
    await this.#world.engine.intake.submitOne({ kind: 'update', id, data }, OUTSIDE);
  }

  /** A deal comes; where nobody does anything with it, it is decided on by itself. */
  #planDeal(deal: Deal): void {
    this.#world.plan(deal.arrivedAt, async () => {
      const id = await this.#make({ entity: 'deal', data: dataOf(deal) });
      this.#deals.set(id, deal);
      this.#world.plan(deal.closesAt, async () => {
        if (!this.#started.has(id)) await this.#decide(id, deal, null);
      });
    });
  }

  async #decide(id: string, deal: Deal, treated: Treated | null): Promise<void> {
    await this.#change(id, { stage: outcomeOf(this.#month.seed, deal, treated).won ? 'won' : 'lost' });
  }

  #handsOf(person: string): Hands {
    const { engine } = this.#world;
    const author = { kind: 'person', id: this.#world.names.idOf(person) } as const;
    return {
      now: () => this.#world.now,
      plan: (at, work) => this.#world.plan(at, work),
      accept: async ({ id, record }) => {
        this.#started.add(record);
        await answerRecommendation(engine, id, { answer: 'accept' }, author);
        await this.#change(record, { stage: 'qualification' });
      },
      holidayOf: ({ record }) => {
        const holiday = this.#deals.get(record)?.holiday;
        return holiday && spanAt([holiday], this.#world.now) ? holiday.until : undefined;
      },
      decline: async ({ id }: Line, reason: DeclineReason, until?: number) => {
        await answerRecommendation(engine, id, { answer: 'decline', reason, ...(until === undefined ? {} : { until }) }, author);
      },
      done: async ({ id, record, action }, at) => {
        await answerRecommendation(engine, id, { answer: 'done' }, author);
        const deal = this.#deals.get(record);
        if (!deal) return;
        const treated: Treated = { action: actionNamed(action), person, at };
        this.#done.set(deal.id, treated);
        this.#world.plan(outcomeOf(this.#month.seed, deal, treated).at, () => this.#decide(record, deal, treated));
      },
    };
  }

  #hear(fact: Fact): void {
    if (fact.kind === 'record') this.#hearRecord(fact);
    else if (fact.kind === 'effect') this.#hearMessage(fact);
    else if (fact.status === 'failed') this.#failed ??= `${fact.run.workflow}, ${fact.nodes.join(' ')}: ${fact.error?.message ?? ''}`;
  }

  #hearRecord({ entity, id, after, before }: RecordFact): void {
    if (entity !== 'recommendation' || !after) return;
    const record = idIn(after.record);
    const deal = this.#deals.get(record);
    if (after.stage === 'held_out' && deal) this.#heldOut.add(deal.id);
    const { owner, place, stage, action, minutes } = after;
    const desk = typeof owner === 'string' ? this.#desks.get(owner) : undefined;
    if (before && typeof before.owner === 'string' && before.owner !== owner) this.#desks.get(before.owner)?.drop(id);
    if (stage !== 'open' || typeof place !== 'number' || typeof minutes !== 'number') desk?.drop(id);
    else desk?.put({ id, record, action: String(action), place, minutes });
  }

  #hearMessage({ payload, status, at }: EffectFact): void {
    const [to] = Array.isArray(payload.to) ? payload.to : [payload.to];
    const desk = typeof to === 'string' ? this.#desks.get(to) : undefined;
    if (!desk || status !== 'sent' || payload.channel !== 'in_app') return;
    this.#lists.push({ person: desk.table.person.as, at, text: String(payload.text) });
    this.#world.plan(at, () => desk.look());
  }

  async #goHome(): Promise<void> {
    for (const id of this.#desks.keys()) await this.#change(id, { active: false });
  }
}

const iso = (ms: number): string => new Date(ms).toISOString();

function dataOf({ id, name, person, source, category, brand, segment, budget, margin, learned, arrivedAt }: Deal): JsonObject {
  return {
    key: id,
    name,
    owner: `@${person}`,
    source,
    product_category: category,
    brand,
    industry: segment,
    budget: { amount: budget, currency: 'RUB' },
    margin: 100 * margin,
    probability: Number((100 * learned).toFixed(2)),
    assigned_at: iso(arrivedAt),
  };
}

const meetingsOf = ({ person, meetings }: Timetable): NamedRecord[] =>
  meetings.map(({ from, until }) => ({
    entity: 'meeting',
    data: {
      title: 'Meeting',
      starts_at: iso(from),
      ends_at: iso(until),
      participants: [{ entity: 'user', id: `@${person.as}` }],
    },
  }));

async function readWorkflow(name: string): Promise<JsonObject> {
  const file: unknown = JSON.parse(await readFile(new URL(`../workflows/${name}.json`, import.meta.url), 'utf8'));
  if (typeof file === 'object' && file !== null && !Array.isArray(file)) return { ...file };
  throw new TypeError(`${name} is no workflow.`);
}

function actionNamed(name: string): ActionName {
  const found = ACTIONS.find((one) => one === name);
  if (found) return found;
  throw new RangeError(`Nobody in the shop knows the action ${name}.`);
}

const idIn = (value: Json | undefined): string =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? String(value.id) : '';
