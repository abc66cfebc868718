/** What a run waits for, in words. */
import type { Waiting } from '../../engine/run/waiting.ts';
import { moment } from './show.ts';

/** Whose waits they are. */
interface Own {
  id: string;
  recordId: string | null;
}

/** What concerns the run itself, or its record, is said shortly. */
export function waitText(waiting: Waiting, own: Own): string {
  const { kind, until, failures = 0 } = waiting;
  switch (kind) {
    case 'time':
      return `until ${utc(until)}`;
    case 'effect':
      return 'until what it sends has left the house';
    case 'event':
      return `${eventsText(waiting.events ?? [], own)}${until === undefined ? '' : `, until ${utc(until)} at the latest`}`;
    case 'place':
      return turnText(waiting, own);
    case 'start':
      return `for its turn to begin${heldText(waiting, own)}`;
    case 'child':
      return `for the end of the run ${waiting.run ?? ''} that it has called`;
    case 'retry':
      return `for the next attempt at ${utc(until)}; ${failures} failed so far`;
    case 'join':
      return joinText(waiting);
    case 'scope':
      return itemsText(waiting);
  }
}

/** Where the token stands: the node, and the item that it is at. */
export const placeText = ({ node, index }: Waiting): string => (index === undefined ? node : `${node}, item ${index}`);

const utc = (until: number | undefined): string => `${moment(until)} UTC`;

function eventsText(events: NonNullable<Waiting['events']>, own: Own): string {
  const types = [...new Set(events.map(({ type, topic }) => (topic === '*' ? type : `${type} (${topic})`)))];
  const about = [...new Set(events.map(({ correlation }) => aboutText(correlation, own)))];
  return `for ${types.join(' or ')} ${about.join(' or ')}`;
}

function aboutText(correlation: string, { recordId }: Own): string {
  if (!correlation.startsWith('record:')) return `with ${correlation.replace('=', ' = ')}`;
  const id = correlation.slice('record:'.length);
  return id === recordId ? 'about its record' : `about the record ${id}`;
}

function turnText(waiting: Waiting, own: Own): string {
  const { line } = waiting;
  if (!line) return 'for its turn';
  return `for its turn in "${line.key.replace(/^lock:/, '')}"${heldText(waiting, own)}`;
}

function heldText({ line }: Waiting, { id }: Own): string {
  if (!line) return '';
  const before = line.ahead === 0 ? 'it is the next' : `${line.ahead} ${line.ahead === 1 ? 'is' : 'are'} before it`;
  const holder = line.holder === id ? 'another branch of this run' : `the run ${line.holder ?? ''}`.trim();
  return `: ${holder} is in, ${before}`;
}

function joinText({ join }: Waiting): string {
  if (!join) return 'for other branches';
  if (join.need === 'all') return 'for the other branches that can still come';
  return `for ${join.need} branches; ${join.arrived} ${join.arrived === 1 ? 'has' : 'have'} come`;
}

function itemsText({ items }: Waiting): string {
  if (!items) return 'for its items';
  const failed = items.failed > 0 ? `, ${items.failed} failed` : '';
  return `for its items: ${items.done} of ${items.count} are through${failed}, ${items.running} under way`;
}
