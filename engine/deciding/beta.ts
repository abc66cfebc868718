/** The Beta distribution: what is believed of a rate of success. */

export interface Beta {
  readonly alpha: number;
  readonly beta: number;
}

export const meanOf = ({ alpha, beta }: Beta): number => alpha / (alpha + beta);

export function deviationOf({ alpha, beta }: Beta): number {
  const sum = alpha + beta;
  return Math.sqrt((alpha * beta) / (sum * sum * (sum + 1)));
}

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];
const LANCZOS_G = 7;

/** ln Γ(x) for x > 0, to 14 digits: C. Lanczos, SIAM Journal on Numerical Analysis B 1 (1964) 86–96, g = 7, n = 9. */
function logGamma(x: number): number {
  // Below ½ by the recurrence Γ(x) = Γ(x + 1) / x.
  if (x < 0.5) return logGamma(x + 1) - Math.log(x);
  const y = x - 1;
  let sum = LANCZOS[0] ?? 0;
  for (let i = 1; i < LANCZOS.length; i++) sum += (LANCZOS[i] ?? 0) / (y + i);
  const t = y + LANCZOS_G + 0.5;
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(sum);
}

export const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b);

/**
 * P(rate ≤ x): the regularised incomplete beta function by its continued fraction.
 * W. Press and others, "Numerical Recipes in C", 2nd ed., Cambridge 1992, section 6.4.
 */
export function betaCdf({ alpha, beta }: Beta, x: number, logB = logBeta(alpha, beta)): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(alpha * Math.log(x) + beta * Math.log1p(-x) - logB);
  // The fraction converges fast below the mean; above it, by symmetry.
  return x < (alpha + 1) / (alpha + beta + 2)
    ? (front * fraction(alpha, beta, x)) / alpha
    : 1 - (front * fraction(beta, alpha, 1 - x)) / beta;
}

const TINY = 1e-300;
const MOST_TERMS = 500;

/** The continued fraction of the incomplete beta function by Lentz's method. */
function fraction(a: number, b: number, x: number): number {
  const away = (value: number): number => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    const step = d * c;
    result *= step;
    if (Math.abs(step - 1) < 1e-14) break;
  }
  return result;
}

/** The rate below which it lies with probability p, by bisection, to 1e-10. */
export function betaQuantile(belief: Beta, p: number): number {
  const logB = logBeta(belief.alpha, belief.beta);
  let [low, high] = [0, 1];
  while (high - low > 1e-10) {
    const middle = (low + high) / 2;
    if (betaCdf(belief, middle, logB) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
