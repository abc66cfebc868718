/** Nothing, false, '', 0 and an empty list count as empty, as in Handlebars. */
export function isEmpty(value: unknown): boolean {
  return !value || (Array.isArray(value) && value.length === 0);
}
