/**
 * Lets node packages import `takt/sdk` and `takt/testing` from wherever they lie, and gives them this Takt's own, never a second
 * copy: their errors then are its errors, their nodes its nodes. Loaded by `node --import`, or through load.ts.
 */
import { registerHooks } from 'node:module';

const OWN: ReadonlyMap<string, string> = new Map([
  ['takt/sdk', new URL('../engine/sdk.ts', import.meta.url).href],
  ['takt/testing', new URL('../engine/testing.ts', import.meta.url).href],
]);

registerHooks({
  resolve(specifier, context, next) {
    const url = OWN.get(specifier);
    return url === undefined ? next(specifier, context) : { url, shortCircuit: true };
  },
});
