/** The machine of the primary dies without a word; a standby becomes the primary and takes its address, as Patroni or keepalived do it. */
import { setTimeout as pause } from 'node:timers/promises';
import { answers, query } from '../home/support.ts';
import { type Findings, onScene, VIRTUAL } from './drill.ts';
import { ends, longestGap, settle } from './load.ts';
import { end } from './servers.ts';

/** How long everything runs undisturbed before, and afterwards. */
const AROUND_MS = 8_000;
/** The primary is given up after so many looks, one a second, that get no answer within a second. */
const LOOKS = 3;

export interface FailoverOptions {
  synchronous: boolean;
  /** How far an asynchronous standby lags behind when the primary dies, seconds. */
  behind: number;
  say(text: string): void;
}

export function failover({ synchronous, behind, say }: FailoverOptions): Promise<Findings> {
  return onScene({ standby: true, synchronous, say }, async ({ network, servers, databases, load }) => {
    const [primary, standby] = databases;
    if (!primary || !standby) throw new Error('The drill has no standby.');
    const admin = servers.superuserUrl(standby.address);
    await pause(AROUND_MS);
    if (!synchronous && behind > 0) {
      say(`The standby hears nothing for ${behind} s …`);
      await standby.cut();
      await pause(behind * 1_000);
      await primary.cut();
      await standby.heal();
    } else await primary.cut();
    const deadAt = Date.now();
    say('The primary is dead …');
    await end(servers.primary, 'SIGKILL');

    for (let silent = 0; silent < LOOKS; ) {
      const second = pause(1_000);
      const seen = await Promise.race([answers(servers.superuserUrl(primary.address)), second.then(() => false)]);
      silent = seen ? 0 : silent + 1;
      await second;
    }
    const noticedAt = Date.now();
    await query(admin, 'select pg_promote()');
    const promotedAt = Date.now();
    await standby.take(network.address(VIRTUAL));
    say('The standby is the primary and has the address …');
    while (![...load.acknowledged.values()].some((at) => at > promotedAt)) await pause(50);
    await pause(AROUND_MS);
    await load.stop();
    const url = servers.url(standby.address);
    const account = await settle(url, load);
    const finished = (await ends(url)).map(({ at }) => at);
    return {
      ...account,
      refused: load.refused(),
      noticed_after_s: (noticedAt - deadAt) / 1_000,
      promotion_s: (promotedAt - noticedAt) / 1_000,
      stall_of_acknowledgements_s: longestGap(load.acknowledged.values(), deadAt) / 1_000,
      stall_of_runs_s: longestGap(finished, deadAt) / 1_000,
    };
  });
}
