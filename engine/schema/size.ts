/**
 * About how many characters of JSON a value comes to, without writing them: to refuse what is too large before memory is spent on it.
 * Counting ends beyond `most`, so that it costs no more than what is allowed; what stands in several places counts in each, as it would be
 * written. Escapes are not counted.
 */
export function jsonSize(value: unknown, most = Number.POSITIVE_INFINITY): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return typeof value === 'number' ? 8 : 4;
  let size = 2;
  if (Array.isArray(value)) {
    for (const item of value) {
      size += 1 + jsonSize(item, most - size);
      if (size > most) return size;
    }
    return size;
  }
  for (const key of Object.keys(value)) {
    size += key.length + 4 + jsonSize(Reflect.get(value, key), most - size);
    if (size > most) return size;
  }
  return size;
}
