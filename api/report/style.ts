/** How the page looks: light and dark by the reader's choice, one column on a phone, cards that a page break does not part. */
export const STYLE = `
:root{color-scheme:light dark;--ink:#1b2430;--soft:#5b6675;--line:#d9dee5;--card:#fff;--page:#f4f6f8;--accent:#1f6fd1;--wash:#1f6fd11f;--warn:#b3401f}
@media (prefers-color-scheme:dark){:root{--ink:#e8ecf1;--soft:#9aa6b5;--line:#333d4a;--card:#1b222b;--page:#12171d;--accent:#6fb0ff;--wash:#6fb0ff26;--warn:#ff9c7a}}
*{box-sizing:border-box}
body{margin:0;padding:1.5rem 1rem 3rem;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:64rem;margin:0 auto}
h1{font-size:1.6rem;line-height:1.2;margin:0 0 .25rem;overflow-wrap:anywhere}
h2{font-size:1.1rem;margin:0 0 .35rem}
p{margin:.25rem 0 .75rem}
.of,.says{color:var(--soft)}
.says{font-size:.9rem}
.verdict{font-weight:600}
.warn{color:var(--warn);font-weight:600}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:1rem}
section{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1rem 1.1rem;min-width:0;break-inside:avoid}
.wide{grid-column:1/-1}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,11rem),1fr));gap:.75rem 1.5rem;margin:.75rem 0 1.25rem}
dt{color:var(--soft);font-size:.85rem}
dd{margin:0;font-weight:600;overflow-wrap:anywhere}
dd small{font-weight:400;color:var(--soft)}
.metrics{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,13rem),1fr));gap:1rem}
.metrics b{display:block;font-size:1.7rem;line-height:1.2;font-variant-numeric:tabular-nums}
.metrics p{margin:.15rem 0 0}
.chart{display:block;width:100%;max-width:32rem;height:auto;margin:0 auto}
.grid line{stroke:var(--line)}
.ticks text{fill:var(--soft);font-size:11px}
.ticks .axis{fill:var(--ink);font-size:12px}
.even{fill:none;stroke:var(--soft);stroke-dasharray:4 4}
.curve{fill:none;stroke:var(--accent);stroke-width:2.5;stroke-linejoin:round}
.said{fill:none;stroke:var(--ink);stroke-width:2;stroke-dasharray:6 4}
.area{fill:var(--wash)}
.point{fill:var(--accent)}
.interval{stroke:var(--accent);stroke-width:1.5;opacity:.55}
.alarm{stroke:var(--warn);stroke-width:2}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem;margin-top:.5rem}
th,td{text-align:left;padding:.3rem .6rem .3rem 0;border-top:1px solid var(--line);vertical-align:top}
th{color:var(--soft);font-weight:400;border-top:0}
td.when{white-space:nowrap}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.weights td:first-child{width:26%;overflow-wrap:anywhere}
.weights td:nth-child(2){width:24%}
.values{color:var(--soft);overflow-wrap:anywhere}
.bar{display:block;width:100%;height:.8rem;margin-top:.3rem;fill:var(--accent)}
ul{margin:.25rem 0 0;padding-left:1.2rem}
li{margin:.2rem 0;overflow-wrap:anywhere}
td:last-child,th:last-child{padding-right:0}
@media (max-width:32rem){body{padding:1rem .6rem 2rem}section{padding:.8rem}table{font-size:.8rem}th,td{padding-right:.35rem}.weights td:nth-child(2){display:none}}
@media print{:root{color-scheme:light;--ink:#000;--soft:#444;--line:#bbb;--card:#fff;--page:#fff;--accent:#1f5fb0;--wash:#1f5fb01f;--warn:#a03010}body{padding:0;font-size:11pt}.cards{grid-template-columns:1fr 1fr}section{padding:.6rem .8rem}}
`;
