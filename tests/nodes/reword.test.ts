import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wordsConnector } from '../../nodes/index.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { openTestEngine, somebody, type TestEngine, workflow } from '../engine/support.ts';
import { closeDeals, DEAL_WON } from '../support/closed-deals.ts';
import { openSite, type Site } from './connectors/support.ts';

let t: TestEngine;
let site: Site;
/** What the language model says to the facts. */
let says: (facts: string[], system: string) => string;

beforeEach(async () => {
  says = (facts) => `So it is: ${facts.join(' ')}`;
  site = await openSite((_request, response, { requests }) => {
    const { messages } = JSON.parse(requests.at(-1)?.body ?? '');
    const text = says(JSON.parse(messages[1].content).facts, messages[0].content);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ choices: [{ message: { content: JSON.stringify({ text }) } }] }));
  });
  const connectors = () => [
    wordsConnector({ allowPrivate: ['127.0.0.1'], resolveCredential: async () => ({ kind: 'bearer', token: 'sk-1' }) }),
  ];
  t = await openTestEngine('memory', { connectors });
});
afterEach(async () => {
  await t.close();
  await site.close();
});

/** A workflow that words the comment of a new deal into a task. */
const wording = (params: JsonObject, settings: JsonObject = {}) => ({
  ...workflow(
    'words',
    {
      t: { type: 'trigger.record', params: { entity: 'deal', on: ['created'] } },
      say: { type: 'text.reword', params: { url: `${site.origin}/v1/`, model: 'small', facts: '= record.comment', ...params } },
      task: { type: 'task.create', params: { title: '{{nodes.say.text}} ({{nodes.say.source}}{{nodes.say.why}})' } },
    },
    [
      ['t', 'say'],
      ['say', 'task'],
    ],
  ),
  settings,
});
const titles = async () => (await t.all('task')).map(({ title }) => title);

describe('text.reword', () => {
  it('says the facts by the language model, in the language of the workflow, without the name of the record', async () => {
    let task = '';
    says = (facts, system) => {
      task = system;
      return `Звоните: ${facts.join(' ')}`;
    };
    await t.publish(wording({}, { locale: 'ru' }));
    await t.create('deal', { name: 'Анна Петрова', comment: 'Анна Петрова открыла КП 5 раз' });
    await t.engine.drain();
    expect(await titles()).toEqual(['Звоните: Анна Петрова открыла КП 5 раз (model)']);
    expect(task).toContain('Answer in Russian');
    expect(site.requests).toMatchObject([{ url: '/v1/chat/completions' }]);
    expect(site.requests[0]?.body).not.toMatch(/Анна|Петров/);
  });

  it('takes the fallback where a number is invented, and the facts where there is none', async () => {
    says = () => 'The chance is 99 %.';
    await t.publish(wording({ fallback: 'Call {{record.name}}' }));
    await t.create('deal', { name: 'Villa', comment: 'The quote was opened' });
    await t.engine.drain();
    expect(await titles()).toEqual(['Call Villa (templateWORDS_NUMBERS)']);
    await t.publish(wording({}));
    await t.create('deal', { name: 'Villa', comment: 'The quote was opened' });
    await t.engine.drain();
    expect(await titles()).toContain('The quote was opened. (templateWORDS_NUMBERS)');
  });

  it('asks nobody where there is nothing to say', async () => {
    await t.publish(wording({ fallback: 'Nothing is known' }));
    await t.create('deal', { name: 'Villa' });
    await t.engine.drain();
    expect(await titles()).toEqual(['Nothing is known (template)']);
    expect(site.requests).toEqual([]);
  });
});

describe('four generations side by side', () => {
  it('have the probability of the learned model, with its reasons in words', async () => {
    await closeDeals(t.engine, 400, () => t.clock.advance(86_400_000));
    await t.engine.models.define(DEAL_WON);
    await t.engine.models.train('deal-won', somebody);
    await t.engine.drain();
    const file = await readFile(new URL('../../workflows/actions/four-generations.json', import.meta.url), 'utf8');
    await t.publish(JSON.parse(file.replace('https://words.example.com', site.origin)));
    const budget = { amount: 1_003, currency: 'RUB' };
    const { id } = await t.create('deal', { name: 'Villa', source: 'referral', budget });
    await t.engine.drain();
    const { probability } = await t.read(id);
    const [task] = await t.all('task');
    expect(task?.description).toMatch(
      /^Rules: call today\. Points: 40, warm\. Model: [67]\d(\.\d)? % by version 1\. In words: So it is: The chance of success is [67]\d(\.\d)? % Source: referral – raises the chance/,
    );
    expect(task?.description).toContain(`${Math.round(Number(probability) * 10) / 10} %`);
    expect(site.requests[0]?.headers.authorization).toBe('Bearer sk-1');
  });
});
