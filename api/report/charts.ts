/** Charts as inline SVG: no script, colours of the page, readable on paper. */
import type { Curves } from '../../engine/learning/curves.ts';
import type { ReliabilityBin } from '../../engine/learning/metrics.ts';
import { type Html, html } from './html.ts';

const [WIDTH, HEIGHT] = [360, 300];
const PLOT = { left: 62, top: 10, right: 350, bottom: 256 } as const;
const QUARTERS = [0, 0.25, 0.5, 0.75, 1];
/** Of a normal distribution: 95 of 100. */
const Z_95 = 1.96;

/** What stands at the axes. */
export interface Axes {
  title: string;
  x: string;
  y: string;
}

const place = (share: number): number => Math.round(share * 100) / 100;

const X = (share: number): number => place(PLOT.left + share * (PLOT.right - PLOT.left));
const Y = (share: number): number => place(PLOT.bottom - share * (PLOT.bottom - PLOT.top));

const path = (points: readonly { x: number; y: number }[]): string =>
  points.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${X(x)} ${Y(y)}`).join('');

function framed(
  { title, x, y }: Axes,
  ticksX: readonly [share: number, text: string][],
  ticksY: readonly [number, string][],
  inside: Html,
): Html {
  const middle = (PLOT.top + PLOT.bottom) / 2;
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">
<g class="grid">${ticksY.map(([share]) => html`<line x1="${PLOT.left}" x2="${PLOT.right}" y1="${Y(share)}" y2="${Y(share)}"/>`)}</g>
<g class="ticks">${ticksY.map(([share, text]) => html`<text x="${PLOT.left - 6}" y="${Y(share) + 4}" text-anchor="end">${text}</text>`)}
${ticksX.map(([share, text]) => html`<text x="${X(share)}" y="${PLOT.bottom + 17}" text-anchor="${anchorOf(share)}">${text}</text>`)}
<text class="axis" x="${(PLOT.left + PLOT.right) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${x}</text>
<text class="axis" x="13" y="${middle}" text-anchor="middle" transform="rotate(-90 13 ${middle})">${y}</text></g>
${inside}</svg>`;
}

const anchorOf = (share: number): string => (share >= 1 ? 'end' : share <= 0 ? 'start' : 'middle');

const percents = QUARTERS.map((share): [number, string] => [share, `${share * 100} %`]);

/** Said against came, with 95 of 100 intervals by chance; a larger point stands for more rows. */
export function reliabilityChart(bins: readonly ReliabilityBin[], axes: Axes): Html {
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const points = bins.map(({ predicted, actual, count }) => {
    const half = Z_95 * Math.sqrt((actual * (1 - actual)) / count + 1 / (4 * count * count));
    const [from, to] = [Math.max(0, actual - half), Math.min(1, actual + half)];
    return html`<line class="interval" x1="${X(predicted)}" x2="${X(predicted)}" y1="${Y(from)}" y2="${Y(to)}"/>
<circle class="point" cx="${X(predicted)}" cy="${Y(actual)}" r="${place(3 + 5 * Math.sqrt(count / most))}"/>`;
  });
  return framed(
    axes,
    percents,
    percents,
    html`<path class="even" d="${path([
      { x: 0, y: 0 },
      { x: 1, y: 1 },
    ])}"/>${points}`,
  );
}

/** A curve above what chance gives. */
export const liftChart = (points: Curves['roc'], axes: Axes): Html =>
  framed(
    axes,
    percents,
    percents,
    html`<path class="area" d="${path([...points, { x: 1, y: 0 }])}Z"/><path class="even" d="${path([
      { x: 0, y: 0 },
      { x: 1, y: 1 },
    ])}"/>
<path class="curve" d="${path(points)}"/>`,
  );

/** What was said and what came, period by period, with a mark where the alarm rang. @param at says when, in the words of the page */
export function driftChart({ periods, alarm }: NonNullable<Curves['drift']>, axes: Axes, at: (time: number) => string): Html {
  const highest = Math.max(0.01, ...periods.flatMap(({ predicted, actual }) => [predicted, actual]));
  const top = [0.05, 0.1, 0.2, 0.4, 0.6, 0.8].find((bound) => highest <= bound) ?? 1;
  const x = (i: number): number => (periods.length < 2 ? 0.5 : i / (periods.length - 1));
  const line = (of: 'predicted' | 'actual') => periods.map((period, i) => ({ x: x(i), y: period[of] / top }));
  const rang = alarm === null ? -1 : periods.findIndex(({ to }) => to >= alarm.at);
  const ticks = QUARTERS.map((share): [number, string] => [share, `${place(share * top * 100)} %`]);
  const ends = [0, periods.length - 1].map((i): [number, string] => [x(i), at(periods[i]?.from ?? 0)]);
  const mark = rang < 0 ? null : html`<line class="alarm" x1="${X(x(rang))}" x2="${X(x(rang))}" y1="${PLOT.top}" y2="${PLOT.bottom}"/>`;
  return framed(
    axes,
    periods.length < 2 ? ends.slice(0, 1) : ends,
    ticks,
    html`${mark}<path class="said" d="${path(line('predicted'))}"/><path class="curve" d="${path(line('actual'))}"/>
${line('actual').map((point) => html`<circle class="point" cx="${X(point.x)}" cy="${Y(point.y)}" r="3"/>`)}`,
  );
}

/** A bar as long as a share of the row. */
export const bar = (share: number): Html =>
  html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width="${place(100 * share)}" height="8" rx="1"/></svg>`;
