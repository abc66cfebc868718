/** The world outside of the house: connectors that send nothing, answer at once, and fail where a rule says so. */
import type { OutsideRule } from '../../schemas/action.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { TaktError } from '../errors/index.ts';
import type { Connector, Delivery } from '../outbox/connector.ts';
import { chanceOf } from './chance.ts';
import { fits } from './match.ts';

/** A connector as far as a simulation needs it. */
export interface SimulatedConnector {
  readonly name: string;
  /** What the real one would give after success; nothing without it. */
  readonly answer?: (payload: JsonObject, key: string) => JsonObject;
}

/** @param identify gives records names that do not depend on what else happens, for chance */
export function simulatedOutside(
  connectors: readonly SimulatedConnector[],
  rules: readonly OutsideRule[],
  seed: number,
  identify: (recordId: string) => string,
): Connector[] {
  const used = new Map<OutsideRule, number>();
  const asked = new Map<string, number>();
  const holds = (rule: OutsideRule, index: number, connector: string, payload: JsonObject, recordId: string | undefined): boolean => {
    if (rule.on.connector !== undefined && rule.on.connector !== connector) return false;
    if (rule.on.payload !== undefined && !fits(rule.on.payload, payload)) return false;
    if ((used.get(rule) ?? 0) >= (rule.times ?? Number.POSITIVE_INFINITY)) return false;
    if (rule.p === undefined) return true;
    const subject = recordId === undefined ? '' : identify(recordId);
    const question = `${subject}\n${index}`;
    const n = (asked.get(question) ?? 0) + 1;
    asked.set(question, n);
    return chanceOf(seed, 'outside', question, n).next() < rule.p;
  };
  const send = async ({ name, answer }: SimulatedConnector, payload: JsonObject, delivery: Delivery): Promise<JsonObject> => {
    const rule = rules.find((one, index) => holds(one, index, name, payload, delivery.recordId));
    if (rule) used.set(rule, (used.get(rule) ?? 0) + 1);
    if (rule?.fail !== undefined) throw new TaktError('OUTSIDE_FAILED', { message: rule.fail, transient: rule.transient ?? false });
    return rule?.result ?? answer?.(payload, delivery.key) ?? {};
  };
  return connectors.map((connector) => ({
    name: connector.name,
    send: (payload, delivery) => send(connector, payload, delivery),
  }));
}
