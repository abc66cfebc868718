/**
 * The one door to drizzle-orm, by its CommonJS files. Its package.json lists its exports in 178 KB, and Node (24.21) parses all of them
 * anew for every ES module of the package: 450–640 ms of each start, where these files take 50–80.
 */
import { createRequire } from 'node:module';

export type { SQL } from 'drizzle-orm';
export type { AnyPgColumn, PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';

const load = createRequire(import.meta.url);

const core: typeof import('drizzle-orm') = load('drizzle-orm');
export const { and, asc, between, count, desc, eq, getTableColumns, gt, gte, inArray, isNotNull, isNull, like, lt, lte, max } = core;
export const { min, ne, not, notInArray, or, sql } = core;

const postgres: typeof import('drizzle-orm/pg-core') = load('drizzle-orm/pg-core');
export const { bigint, customType, index, integer, jsonb, pgTable, primaryKey, smallint, text, uniqueIndex, uuid } = postgres;
export const { PgDialect } = postgres;

const driver: typeof import('drizzle-orm/node-postgres') = load('drizzle-orm/node-postgres');
export const { drizzle } = driver;

const migrator: typeof import('drizzle-orm/node-postgres/migrator') = load('drizzle-orm/node-postgres/migrator');
export const { migrate } = migrator;
