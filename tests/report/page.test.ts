import { describe, expect, it } from 'vitest';
import { evaluateExamples } from '../../api/cli/learning/evaluate.ts';
import { ofCsv } from '../../api/report/of.ts';
import { judgementPage } from '../../api/report/page.ts';
import { frame, leads } from '../learning/world.ts';

const VILE = `<script>alert("1")</script> & 'co'`;

/** Every tag is closed by its own, in the order in which they were opened; gives the texts between. */
function wellFormed(page: string): string {
  const open: string[] = [];
  const rest = page
    .replace(/^<!doctype html>/, '')
    .replaceAll(/<(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z][\w-]*="[^"<]*")*)\s*(\/?)>/g, (_, end, name, _attributes, alone) => {
      if (end === '/') expect(open.pop()).toBe(name);
      else if (alone !== '/') open.push(name);
      return ' ';
    });
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>]/);
  return rest;
}

function told(turned = false) {
  const { rows, outcomes } = leads(1_200, 3);
  const named = rows.map(({ source, ...row }) => ({ ...row, [VILE]: source === 'cold' ? VILE : (source ?? null) }));
  const times = Float64Array.from(rows, (_, i) => Date.parse('2027-01-01') + i * 86_400_000);
  const came = turned ? outcomes.map((one, i) => (i < 700 ? one : 0)) : outcomes;
  const none = { frame: frame([]), lines: new Int32Array() };
  const lines = Int32Array.from(rows, (_, i) => i + 2);
  const examples = { frame: frame(named), lines, outcomes: came, times, open: none, broken: 2, notes: [], currencies: {} };
  return evaluateExamples(examples, { folds: 3, seed: 1, say: () => undefined });
}

const map = { outcome: { column: VILE, success: ['1'] }, columns: {}, time: { column: 'at' }, description: VILE };

describe('the page of a judgement', () => {
  const judged = told();

  it.each(['en', 'ru'] as const)('is well-formed, and what comes from data is text (%s)', (locale) => {
    const page = judgementPage(ofCsv(judged, `/tmp/${VILE}.csv`, map), locale);
    const texts = wellFormed(page);
    expect(page).not.toContain('<script');
    expect(texts.split('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;co&#39;').length).toBeGreaterThan(4);
    expect(page).toContain(`<html lang="${locale}">`);
  });

  it('loads nothing', () => {
    const page = judgementPage(ofCsv(judged, 'leads.csv', map), 'en');
    expect(page).not.toMatch(/https?:|src=|href=|url\(|@import/);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  it('tells the figures of the JSON, in the numbers of its language', () => {
    const figures = [judged.auc, judged.logloss, judged.ece, judged.brier].map((value) => value.toFixed(3));
    const en = wellFormed(judgementPage(ofCsv(judged, 'leads.csv', map), 'en'));
    const ru = wellFormed(judgementPage(ofCsv(judged, 'leads.csv', map), 'ru'));
    for (const figure of figures) {
      expect(en).toContain(` ${figure} `);
      expect(ru).toContain(` ${figure.replace('.', ',')} `);
    }
    for (const { predicted, actual } of [...judged.reliability, ...(judged.curves.drift?.periods ?? [])]) {
      expect(en).toContain(`${(predicted * 100).toFixed(1)} %`);
      expect(en).toContain(`${(actual * 100).toFixed(1)} %`);
    }
    expect(en).toContain('2 rows that could not be read');
    expect(ru).toContain('строки, которые не удалось прочесть: 2');
  });

  it('marks the alarm where what comes no longer fits what was said', () => {
    const page = judgementPage(ofCsv(told(true), 'leads.csv', map), 'en');
    expect(page).toContain('class="alarm"');
    expect(page).toMatch(/The alarm rang at \d+ \w+ 20\d\d: from there on the model promises too much/);
    expect(judgementPage(ofCsv(judged, 'leads.csv', map), 'en')).toContain('No alarm');
  });
});
