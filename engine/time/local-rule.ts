/**
 * A recurrence on a clock that never changes. Local times are milliseconds as if the clock were UTC; where they lie on the time line of a
 * zone is not the rule's affair.
 */
export interface LocalRule {
  /** The first local time after this one; null where the rule is over or finds none within its bounds. */
  next(local: number): number | null;
  /** It goes every hour or more often, so that an hour that the clock repeats must not be passed over in silence. */
  readonly everyHour: boolean;
  /** The last moment on the time line, included; Infinity without an end. */
  readonly until: number;
  /** Is this time left out? Told both on the time line and on the local clock. */
  excludes(moment: number, local: number): boolean;
}
