import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

/**
 * Ajv for schemas of our own making. Never compile a user's schema with it: a `pattern` of theirs could block the process.
 * `allErrors: false` stops at the first one, which bounds the work on data of any size.
 */
export function createAjv({ allErrors = true } = {}): Ajv {
  // validateSchema: the schema of schemas takes longer to compile than ours, 10 to 30 ms; see `checkSchema`.
  // verbose: errors carry the schema that they are about, from which come names that were probably meant, and descriptions.
  const checked = { useDefaults: true, validateSchema: false, validateFormats: true, ownProperties: true };
  const ajv = new Ajv({ ...checked, allErrors, strict: false, verbose: true });
  addFormats.default(ajv);
  return ajv;
}
