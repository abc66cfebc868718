import type { effects, events, merges, recordChanges, recordKeys, records, runs, signals, steps, waits } from '../store/schema.ts';

/** Without what is derived from the rest. */
export type RecordRow = Omit<typeof records.$inferSelect, 'findable'>;
export type NameKeyRow = typeof recordKeys.$inferSelect;
export type ChangeRow = typeof recordChanges.$inferSelect;
export type MergeRow = typeof merges.$inferSelect;
export type EventRow = typeof events.$inferSelect;
export type RunRow = typeof runs.$inferSelect;
export type StepRow = typeof steps.$inferSelect;
export type EffectRow = typeof effects.$inferSelect;
export type SignalRow = typeof signals.$inferSelect;
export type WaitRow = typeof waits.$inferSelect;
