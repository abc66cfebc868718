/** What the environment says. Read once at the start; nothing else reads the environment. */
import { resolve } from 'node:path';

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
  /** pino's level; undefined where nothing is said. */
  logLevel: string | undefined;
}

export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const said = (name: string): string | undefined => env[name]?.trim() || undefined;
  const list = (name: string): string[] => (said(name) ?? '').split(',').flatMap((entry) => entry.trim() || []);
  return {
    folder: resolve(said('TAKT_DATA') ?? 'data'),
    databaseUrl: said('DATABASE_URL'),
    nodePackages: list('TAKT_NODES'),
    smtpUrl: said('TAKT_SMTP_URL'),
    mailFrom: said('TAKT_MAIL_FROM') ?? 'Takt <takt@localhost.localdomain>',
    httpAllow: list('TAKT_HTTP_ALLOW'),
    secretKey: said('TAKT_SECRET_KEY'),
    logLevel: said('TAKT_LOG'),
  };
}
