import { channelOf, type Fact } from '../facts.ts';
import { byKeys, entry, type SendingSummary, type Summary } from './summary.ts';

/** What has left the house. */
export class SendingTally {
  readonly #messages = new Map<string, SendingSummary>();
  readonly #requests = new Map<string, SendingSummary>();

  hear(fact: Fact): void {
    if (fact.kind !== 'effect') return;
    const { workflow } = fact.run;
    const channel = channelOf(fact);
    const by = channel ?? fact.connector;
    const rows = channel === undefined ? this.#requests : this.#messages;
    const row = entry(rows, `${by}\n${workflow}`, () => ({ by, workflow, sent: 0, undelivered: 0 }));
    if (fact.status === 'sent') row.sent++;
    else row.undelivered++;
  }

  sum(): Pick<Summary, 'messages' | 'requests'> {
    const list = (rows: Map<string, SendingSummary>): SendingSummary[] =>
      [...rows.values()].sort(
        byKeys(
          (row) => row.by,
          (row) => row.workflow,
        ),
      );
    return { messages: list(this.#messages), requests: list(this.#requests) };
  }
}
