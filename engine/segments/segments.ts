/** The segments of an installation, their rules compiled. Who belongs to one follows from the record alone. */
import type { SegmentDefinition } from '../../schemas/segment.ts';
import { asTaktError, TaktError } from '../errors/index.ts';
import { compileExpression, type Environment, type Expression } from '../expression/index.ts';
import type { RecordView } from '../node/context.ts';
import { didYouMean } from '../schema/nearest.ts';
import { parseDuration } from '../time/duration.ts';

export interface Segment {
  readonly definition: SegmentDefinition;
  readonly rule: Expression;
}

export class Segments {
  readonly #byId: ReadonlyMap<string, Segment>;
  readonly #byEntity = new Map<string, string[]>();

  constructor(definitions: readonly SegmentDefinition[]) {
    this.#byId = new Map(definitions.map((definition) => [definition.id, { definition, rule: compileRule(definition) }]));
    for (const { id, entity } of definitions) this.#byEntity.set(entity, [...(this.#byEntity.get(entity) ?? []), id]);
  }

  /** Ids of the segments of an entity. */
  of(entity: string): readonly string[] {
    return this.#byEntity.get(entity) ?? [];
  }

  /** Throws TaktError SEGMENT_UNKNOWN. */
  require(id: string): Segment {
    const segment = this.#byId.get(id);
    if (segment) return segment;
    throw new TaktError('SEGMENT_UNKNOWN', {
      message: `There is no segment "${id.slice(0, 63)}".`,
      hint: didYouMean(id, this.#byId.keys()),
    });
  }

  /** Does the record belong to the segment? One of another entity and a deleted one do not. */
  includes(id: string, record: RecordView, env: Environment): boolean {
    const { definition, rule } = this.require(id);
    return record.entity === definition.entity && !record.deleted && rule.test({ ...record, record }, env);
  }

  /** The next moment after `now` at which the rule is to be asked again of a record, or null. Milliseconds. */
  recheckAt(id: string, record: RecordView, now: number): number | null {
    const moments = (this.require(id).definition.recheck ?? []).flatMap(({ field, after }) => {
      const value = record[field];
      const at = typeof value === 'string' ? Date.parse(value) + parseDuration(after) : Number.NaN;
      return at > now ? [at] : [];
    });
    return moments.length > 0 ? Math.min(...moments) : null;
  }
}

/** Throws TaktError SEGMENT_INVALID where the rule does not parse. */
function compileRule({ id, rule }: SegmentDefinition): Expression {
  try {
    return compileExpression(rule);
  } catch (cause) {
    const { message, place } = asTaktError(cause);
    throw new TaktError('SEGMENT_INVALID', { ...place, pointer: '/rule', message: `The rule of the segment "${id}": ${message}`, cause });
  }
}
