/** Names of the system's errors, such as EPIPE and E2BIG, may have five letters too, and begin with an E, with which no SQL state does. */
const SQL_STATE = /^(?!E)[0-9A-Z]{5}$/;

/** The five-letter SQL state of a driver's error, however deeply drizzle has wrapped it. */
export function sqlState(error: unknown): string | undefined {
  for (let e: unknown = error; e instanceof Error; e = e.cause) {
    if ('code' in e && typeof e.code === 'string' && SQL_STATE.test(e.code)) return e.code;
  }
  return undefined;
}
