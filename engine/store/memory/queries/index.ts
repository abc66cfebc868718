/** The queries of `../../queries` on the tables in memory, under the same names and with the same meaning. */
export * from './aggregates.ts';
export * from './catalog.ts';
export * from './credentials.ts';
export * from './effects.ts';
export * from './events.ts';
export * from './files.ts';
export * from './hints.ts';
export * from './keys.ts';
export * from './mailbox.ts';
export * from './operation.ts';
export * from './pointers.ts';
export * from './records.ts';
export * from './runs.ts';
export * from './timers.ts';
export * from './workflows.ts';
