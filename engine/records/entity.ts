import type { EntityDefinition, FieldDefinition } from '../../schemas/entity.ts';
import type { CompiledFormula } from './formulas.ts';

/** An entity that is ready for use: extensions merged, formulas compiled. */
export interface Entity {
  readonly definition: EntityDefinition;
  readonly name: string;
  /** A field of the definition or one of the system's (see `systemField`). */
  field(name: string): FieldDefinition | undefined;
  /** The fields of the definition, in its order; without the system's. */
  readonly fieldNames: readonly string[];
  /** Those that hold e-mail addresses, and those that hold phone numbers. */
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  /** The fields that names are made of, beside the system's: see `displayName`. */
  readonly nameFields: readonly string[];
  /** In the order in which they can be computed. */
  readonly formulas: readonly CompiledFormula[];
}
