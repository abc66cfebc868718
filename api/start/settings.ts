/** What the environment says. Read once at the start; nothing else reads the environment. */
import { resolve } from 'node:path';
import { TaktError } from '../../engine/errors/index.ts';
import { parseDuration } from '../../engine/time/duration.ts';

export interface Settings {
  /** The data folder, absolute. */
  folder: string;
  databaseUrl: string | undefined;
  /** Paths of node packages. */
  nodePackages: string[];
  smtpUrl: string | undefined;
  /** Sender of messages that name none. */
  mailFrom: string;
  /** Hosts and networks that http.request may reach though they are not public. */
  httpAllow: string[];
  secretKey: string | undefined;
  /** How long ended runs are kept whose workflow does not say, milliseconds. */
  retentionMs: number | undefined;
  /** pino's level; undefined where nothing is said. */
  logLevel: string | undefined;
}

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** Throws TaktError CLI_USAGE. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const said = (name: string): string | undefined => env[name]?.trim() || undefined;
  const list = (name: string): string[] => (said(name) ?? '').split(',').flatMap((entry) => entry.trim() || []);
  const logLevel = said('TAKT_LOG');
  if (logLevel !== undefined && !LEVELS.includes(logLevel)) {
    throw new TaktError('CLI_USAGE', { message: `TAKT_LOG is "${logLevel}".`, hint: `Levels: ${LEVELS.join(', ')}.` });
  }
  return {
    folder: resolve(said('TAKT_DATA') ?? 'data'),
    databaseUrl: said('DATABASE_URL'),
    nodePackages: list('TAKT_NODES'),
    smtpUrl: said('TAKT_SMTP_URL'),
    mailFrom: said('TAKT_MAIL_FROM') ?? 'Takt <takt@localhost.localdomain>',
    httpAllow: list('TAKT_HTTP_ALLOW'),
    secretKey: said('TAKT_SECRET_KEY'),
    retentionMs: duration('TAKT_RETENTION', said('TAKT_RETENTION')),
    logLevel,
  };
}

function duration(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  try {
    return parseDuration(text);
  } catch (cause) {
    throw new TaktError('CLI_USAGE', { message: `${name} is "${text}".`, hint: 'A duration: P90D are 90 days.', cause });
  }
}
