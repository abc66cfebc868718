import { customType } from './drizzle.ts';

/** A moment: `timestamptz(3)` in the database, milliseconds since the epoch in the program, whatever the driver does with dates. */
export const instant = customType<{ data: number; driverData: string }>({
  dataType: () => 'timestamp (3) with time zone',
  toDriver: (value) => new Date(value).toISOString(),
  fromDriver: (value) => Date.parse(value),
});

/** Text that sorts by code points whatever the database's locale is: for keys made to sort that way. */
export const bytewiseText = customType<{ data: string }>({ dataType: () => 'text collate "C"' });

/** Bytes. The drivers give what they have: a Buffer, or PGlite's plain array. */
export const bytea = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' });
