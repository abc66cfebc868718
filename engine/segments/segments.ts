/** The segments of an installation, their rules compiled. Who belongs to one follows from the record alone. */
import type { SegmentDefinition } from '../../schemas/segment.ts';
import { asTaktError, TaktError } from '../errors/index.ts';
import { compileExpression, type Environment, type Expression } from '../expression/index.ts';
import type { RecordView } from '../node/context.ts';
import type { Logger } from '../ports/logger.ts';
import { didYouMean } from '../schema/nearest.ts';
import { parseDuration } from '../time/duration.ts';

export interface Segment {
  readonly definition: SegmentDefinition;
  readonly rule: Expression;
}

export class Segments {
  readonly #byId: ReadonlyMap<string, Segment>;
  readonly #byEntity = new Map<string, string[]>();
  readonly #logger: Logger;

  /** The definitions have been checked. */
  constructor(definitions: readonly SegmentDefinition[], logger: Logger) {
    this.#logger = logger;
    this.#byId = new Map(definitions.map((definition) => [definition.id, { definition, rule: compileExpression(definition.rule) }]));
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

  /** Does the record belong to the segment? One of another entity and a deleted one do not, nor does one on which the rule fails. */
  includes(id: string, record: RecordView, env: Environment): boolean {
    const { definition, rule } = this.require(id);
    if (record.entity !== definition.entity || record.deleted) return false;
    try {
      return rule.test({ ...record, record }, env);
    } catch (error) {
      // A rule that fails on one record must not stop the write of that record.
      this.#logger.warn(
        { segment: id, record: record.id, err: error },
        `The rule of a segment failed and counts as not met: ${asTaktError(error).message}`,
      );
      return false;
    }
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
