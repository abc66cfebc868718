import { Cron, CronPattern } from 'croner';
import { TaktError } from '../errors/index.ts';
import type { LocalRule } from './local-rule.ts';

const OPTIONS = { mode: '5-part' } as const;

/** A cron expression of five fields: minute, hour, day of month, month, day of week. Throws TaktError CRON_INVALID. */
export function cronRule(text: string): LocalRule {
  try {
    const cron = new Cron(text, { ...OPTIONS, paused: true, timezone: 'UTC' });
    return {
      next: (local) => cron.nextRun(new Date(local))?.getTime() ?? null,
      everyHour: new CronPattern(text, 'UTC', OPTIONS).hour.every((set) => set === 1),
      until: Number.POSITIVE_INFINITY,
      excludes: () => false,
    };
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new TaktError('CRON_INVALID', { pointer: '/cron', message: `"${text.slice(0, 100)}" is not a cron expression: ${found}`, cause });
  }
}
