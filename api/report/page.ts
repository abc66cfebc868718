/** A judgement as one self-contained page: no script, nothing loaded, to be printed or sent. */
import type { Curves } from '../../engine/learning/curves.ts';
import { bar, driftChart, liftChart, reliabilityChart } from './charts.ts';
import { Html, html } from './html.ts';
import type { Judgement } from './judgement.ts';
import { STYLE } from './style.ts';
import { type Locale, WORDS, type Words } from './words.ts';

/** Of the likeliest rows: this share is told in the sentence about gains. */
const FEW = 0.2;

interface Pen {
  readonly words: Words;
  /** `0.741`, `0,741`. */
  digits(value: number): string;
  hundredths(value: number): string;
  percent(share: number): string;
  count(n: number): string;
  /** A day, or the number of a row. */
  at(time: number): string;
}

/** The page as UTF-8 text. Everything that comes from data is escaped. */
export function judgementPage(told: Judgement, locale: Locale): string {
  const pen = penOf(told, locale);
  const { words } = pen;
  const page = html`<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
<title>${told.title}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<main>
<h1>${told.title}</h1>
<p class="of">${told.of}</p>
${head(told, pen)}
<div class="cards">
<section class="wide"><h2>${words.figures}</h2>${metrics(told, pen)}</section>
${curves(told, pen)}
<section class="wide"><h2>${words.importance}</h2><p class="says">${words.importanceSays}</p>${weights(told, pen)}</section>
<section class="wide"><h2>${words.leftOut}</h2>${leftOut(told, pen)}</section>
</div>
</main>
</body>
</html>
`;
  return page.text;
}

function penOf({ times }: Judgement, locale: Locale): Pen {
  const tag = locale === 'ru' ? 'ru-RU' : 'en-GB';
  const digits = new Intl.NumberFormat(tag, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
  const hundredths = new Intl.NumberFormat(tag, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const tenths = new Intl.NumberFormat(tag, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const whole = new Intl.NumberFormat(tag, { maximumFractionDigits: 0 });
  const day = new Intl.DateTimeFormat(tag, { dateStyle: locale === 'ru' ? 'short' : 'medium', timeZone: 'UTC' });
  return {
    words: WORDS[locale],
    hundredths: (value) => hundredths.format(value),
    digits: (value) => digits.format(value),
    percent: (share) => `${tenths.format(share * 100)} %`,
    count: (n) => whole.format(n),
    at: (time) => (times === 'moments' ? day.format(time) : whole.format(time + 1)),
  };
}

function head(told: Judgement, { words, percent, count }: Pen): Html {
  const { rows, successes, judged, judgedBy, kind, logLoss, baseLogLoss } = told;
  const verdict =
    baseLogLoss === undefined
      ? null
      : logLoss < baseLogLoss
        ? html`<p class="verdict">${words.good}</p>`
        : html`<p class="warn">${words.bad}</p>`;
  return html`${verdict}<dl>
<div><dt>${words.rows}</dt><dd>${count(rows)}</dd></div>
<div><dt>${words.successes}</dt><dd>${count(successes)} <small>(${percent(successes / rows)})</small></dd></div>
<div><dt>${words.judged}</dt><dd>${count(judged)} <small>${words.ways[judgedBy]}</small></dd></div>
<div><dt>${words.kind}</dt><dd>${words.kinds[kind]}</dd></div>
</dl>`;
}

function metrics({ auc, logLoss, ece, brier, baseLogLoss }: Judgement, { words, digits, count, percent }: Pen): Html {
  const sums = {
    auc: count(100 * auc),
    logLoss: digits(logLoss),
    base: baseLogLoss === undefined ? '' : digits(baseLogLoss),
    ece: percent(ece).replace(' %', ''),
    brier: brier === undefined ? '' : digits(brier),
  };
  const one = (name: string, figure: string, says: string): Html =>
    html`<div><span class="of">${name}</span><b>${figure}</b><p class="says">${says}</p></div>`;
  return html`<div class="metrics">${[
    one(words.auc, digits(auc), words.aucSays(sums)),
    one(words.logLoss, digits(logLoss), words.logLossSays(sums)),
    one(words.ece, digits(ece), words.eceSays(sums)),
    ...(brier === undefined ? [] : [one(words.brier, digits(brier), words.brierSays())]),
  ]}</div>`;
}

function curves({ curves: told, reliability }: Judgement, pen: Pen): Html {
  const { words } = pen;
  if (told === undefined || reliability === undefined) return html`<section class="wide"><p>${words.noCurves}</p></section>`;
  const said = { title: words.reliability, x: words.said, y: words.came };
  return html`<section><h2>${words.reliability}</h2>${reliabilityChart(reliability, said)}<p class="says">${words.reliabilitySays}</p>
${groups(reliability, pen)}</section>
<section><h2>${words.drift}</h2>${drift(told.drift, pen)}</section>
<section><h2>${words.gains}</h2>${liftChart(told.gains, { title: words.gains, x: words.gainsX, y: words.gainsY })}
<p class="says">${words.gainsSays(pen.percent(FEW), pen.percent(heightAt(told.gains, FEW)))}</p></section>
<section><h2>${words.roc}</h2>${liftChart(told.roc, { title: words.roc, x: words.rocX, y: words.rocY })}<p class="says">${words.rocSays}</p></section>`;
}

function groups(bins: NonNullable<Judgement['reliability']>, { words, percent, count }: Pen): Html {
  return html`<div class="scroll"><table><thead><tr><th>${words.probability}</th><th class="n">${words.number}</th><th class="n">${words.said}</th><th class="n">${words.came}</th></tr></thead><tbody>
${bins.map(
  ({ from, to, count: n, predicted, actual }) =>
    html`<tr><td>${count(from * 100)}–${count(to * 100)} %</td><td class="n">${count(n)}</td><td class="n">${percent(predicted)}</td><td class="n">${percent(actual)}</td></tr>
`,
)}</tbody></table></div>`;
}

/** Between the points of a curve: on the line. */
function heightAt(points: Curves['gains'], x: number): number {
  const after = points.find((point) => point.x >= x);
  const before = points.findLast((point) => point.x <= x);
  if (!after || !before) return after?.y ?? before?.y ?? 0;
  return after.x === before.x ? after.y : before.y + ((x - before.x) / (after.x - before.x)) * (after.y - before.y);
}

function drift(told: Curves['drift'], { words, percent, count, at }: Pen): Html {
  if (told === null) return html`<p>${words.noDrift}</p>`;
  const { periods, alarm } = told;
  const compared = periods.some(({ population }) => population !== null);
  const verdict =
    alarm === null ? html`<p class="verdict">${words.calm}</p>` : html`<p class="warn">${words.alarm[alarm.calibration](at(alarm.at))}</p>`;
  return html`${driftChart(told, { title: words.drift, x: words.time, y: words.share }, at)}<p class="says">${words.driftSays}</p>${verdict}
<div class="scroll"><table><thead><tr><th>${words.period}</th><th class="n">${words.number}</th><th class="n">${words.said}</th><th class="n">${words.came}</th>${compared ? html`<th>${words.population}</th>` : null}</tr></thead><tbody>
${periods.map(
  ({ from, rows, predicted, actual, population }) =>
    html`<tr><td class="when">${at(from)}</td><td class="n">${count(rows)}</td><td class="n">${percent(predicted)}</td><td class="n">${percent(actual)}</td>${population && html`<td>${words.verdicts[population.verdict]}</td>`}</tr>
`,
)}</tbody></table></div>`;
}

function weights({ factors }: Judgement, { words, hundredths }: Pen): Html {
  const most = Math.max(Number.MIN_VALUE, ...factors.map(({ importance }) => importance));
  if (factors.length === 0) return html`<p>${words.nothing}</p>`;
  const signed = (value: number): string => `${value < 0 ? '−' : '+'}${hundredths(Math.abs(value))}`;
  return html`<table class="weights"><tbody>
${factors.map(
  ({ column, importance, values }) =>
    html`<tr><td>${column}</td><td>${bar(importance / most)}</td><td class="n">${hundredths(importance)}</td><td class="values">${values
      .map(({ value, logOdds }) => `${value ?? words.unknown} ${signed(logOdds)}`)
      .join(', ')}</td></tr>
`,
)}</tbody></table>`;
}

function leftOut({ leftOut: columns, late, open, broken, notes }: Judgement, { words, count }: Pen): Html {
  const items = [
    ...columns.map(({ column, why, as }) => html`<b>${column}</b>: ${words.why[why]}${as === undefined ? '' : ` ${as}`}`),
    ...late.map((one) => html`<b>${one.field}</b>: ${words.late(one.late, one.filled)} (${one.leftOut ? words.lateLeft : words.lateKept})`),
    ...(open > 0 ? [html`${words.open(count(open))}`] : []),
    ...(broken > 0 ? [html`${words.broken(count(broken))}`] : []),
    ...notes.map(({ code, message }) => {
      const named = words.notes[code];
      return named === undefined ? html`${message}` : html`${named}. <span class="says" lang="en">${message}</span>`;
    }),
  ];
  return items.length === 0 ? html`<p>${words.nothing}</p>` : html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}
