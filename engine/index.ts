/** The engine's public face. Nodes use `sdk.ts`. */
export { Engine, type EngineOptions } from './engine.ts';
export { asTaktError, ERRORS, type ErrorCode, type ErrorData, type ErrorPlace, TaktError } from './errors/index.ts';
export { openPgBossQueue } from './outbox/pgboss-queue.ts';
export { connectPglite, connectPostgres, type Database } from './store/database.ts';
