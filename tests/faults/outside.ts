/** The world outside of the house: it remembers under which key it has heard of what, refuses, answers late, or hears and is not heard. */
import { TaktError } from '../../engine/errors/index.ts';
import type { Connector, Delivery } from '../../engine/outbox/connector.ts';
import { simulatedConnectors } from '../../nodes/index.ts';
import type { JsonObject } from '../../schemas/json.ts';
import type { Life } from './life.ts';
import type { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';
import type { Weather } from './weather.ts';

export interface Heard {
  connector: string;
  key: string;
  payload: JsonObject;
}

/** How long an answer takes, and a slow one: longer than a dispatcher may be silent. Milliseconds. */
const ANSWER_MS = 300;
const SLOW_MS = 40_000;
/** For so long a process stands still in the middle of a delivery, at most: its job has been given to another one then. */
const STILL_MS = 40_000;

export class Outside {
  readonly heard: Heard[] = [];
  readonly #timeline: Timeline;
  readonly #weather: Weather;
  readonly #trace: Trace;

  constructor(timeline: Timeline, weather: Weather, trace: Trace) {
    this.#timeline = timeline;
    this.#weather = weather;
    this.#trace = trace;
  }

  /** The connectors of one process. */
  connectors(life: Life): Connector[] {
    return simulatedConnectors.map(({ name, answer }) => ({
      name,
      send: async (payload, delivery) => {
        await life.within(() => this.#send(life, name, payload, delivery));
        return answer?.(payload, delivery.key) ?? {};
      },
    }));
  }

  async #send(life: Life, connector: string, payload: JsonObject, { key }: Delivery): Promise<void> {
    const fault = this.#weather.at('send');
    await this.#timeline.sleep(this.#weather.between(0, fault === 'slow' ? SLOW_MS : ANSWER_MS));
    life.check();
    if (fault === 'end before') life.end();
    life.check();
    if (this.#weather.at('process')) life.standStill(this.#weather.between(1, STILL_MS));
    if (fault === 'refused' || fault === 'for good') {
      this.#trace.note(`outside: refuses ${key}, ${fault}`);
      throw new TaktError('OUTSIDE_FAILED', { message: 'It is not to be had.', transient: fault === 'refused' });
    }
    this.heard.push({ connector, key, payload });
    this.#trace.note(`outside: hears ${key}${fault === undefined ? '' : `, fault: ${fault}`}`);
    if (fault === 'end after') life.end();
    await life.moving();
    life.check();
    if (fault === 'lost after') throw new TaktError('OUTSIDE_FAILED', { message: 'The answer was lost.', transient: true });
  }
}
