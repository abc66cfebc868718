/** Shifts the decimal point in the text of the number, since multiplying would bring in binary errors. */
function shift(value: number, places: number): number {
  const [mantissa, exponent] = value.toString().split('e');
  return Number(`${mantissa}e${Number(exponent ?? 0) + places}`);
}

/** Rounds half to even, to `precision` decimal places (negative: tens, hundreds …). Never -0. */
export function roundHalfEven(value: number, precision = 0): number {
  const shifted = precision === 0 ? value : shift(value, precision);
  let result = Math.round(shifted);
  if (Math.abs(result - shifted) === 0.5 && Math.abs(result % 2) === 1) result -= 1;
  if (precision !== 0) result = shift(result, -precision);
  return Object.is(result, -0) ? 0 : result;
}

/** Rounds half away from zero to `places` decimal places, as sums of money are rounded. Never -0. */
export function roundHalfUp(value: number, places: number): number {
  const rounded = shift(Math.round(shift(Math.abs(value), places)), -places);
  return value < 0 && rounded !== 0 ? -rounded : rounded;
}
