/** The engine's public face. Nodes use `sdk.ts`. */
export { Engine } from './engine.ts';
export { asTaktError, ERRORS, type ErrorCode, type ErrorData, TaktError } from './errors/index.ts';
export { openPgBossQueue } from './outbox/pgboss-queue.ts';
