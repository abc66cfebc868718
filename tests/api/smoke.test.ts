import { expect, test } from 'vitest';
import { openBench } from './support.ts';
test('smoke', async () => {
  const bench = await openBench();
  const r = await bench.call('GET', '/health');
  console.log(r);
  console.log((await bench.call('POST', '/api/v1/records/lead', { body: { first_name: 'A' } })).text);
  console.log((await bench.call('GET', '/metrics')).text.slice(-800));
  console.log((await bench.call('GET', '/docs/')).text, (await bench.call('GET', '/docs/')).headers);
  expect(r.status).toBe(200);
  console.log(bench.log());
  await bench.close();
});
