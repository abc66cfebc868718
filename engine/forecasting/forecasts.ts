/** The forecasts of an installation, their expressions compiled. */
import type { ForecastDefinition } from '../../schemas/forecast.ts';
import { TaktError } from '../errors/index.ts';
import { compileExpression, type Expression } from '../expression/index.ts';
import { didYouMean } from '../schema/nearest.ts';

export interface CompiledForecast {
  readonly definition: ForecastDefinition;
  readonly won: Expression;
  readonly lost: Expression;
  readonly profit: Expression;
  readonly probability: Expression | undefined;
  readonly team: Expression | undefined;
  readonly channel: Expression | undefined;
}

export class Forecasts {
  readonly #byId: ReadonlyMap<string, CompiledForecast>;

  /** The definitions have been checked. */
  constructor(definitions: readonly ForecastDefinition[]) {
    this.#byId = new Map(definitions.map((definition) => [definition.id, compiled(definition)]));
  }

  /** Throws TaktError FORECAST_UNKNOWN. */
  require(id: string): CompiledForecast {
    const forecast = this.#byId.get(id);
    if (forecast) return forecast;
    throw new TaktError('FORECAST_UNKNOWN', {
      message: `There is no forecast "${id.slice(0, 63)}".`,
      hint: didYouMean(id, this.#byId.keys()) ?? 'Define it: takt forecast import FILE.',
    });
  }
}

function compiled(definition: ForecastDefinition): CompiledForecast {
  const ready = (source: string | undefined): Expression | undefined => (source === undefined ? undefined : compileExpression(source));
  return {
    definition,
    won: compileExpression(definition.won),
    lost: compileExpression(definition.lost),
    profit: compileExpression(definition.profit),
    probability: ready(definition.probability),
    team: ready(definition.team),
    channel: ready(definition.channel),
  };
}
