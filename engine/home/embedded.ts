import { TaktError } from '../errors/index.ts';
import { runCluster, type Settings, stopCluster } from './cluster.ts';
import { atTheDoor, enter, leave, visitorCard, whoIsIn } from './door.ts';
import type { Home, HomeOptions } from './home.ts';
import { choosePlace } from './place.ts';

export interface EmbeddedOptions extends Omit<HomeOptions, 'databaseUrl'> {
  /** Further settings of the server. Only for throw-away databases of tests, which may do without fsync. */
  settings?: Settings;
}

export interface EmbeddedHome extends Home {
  readonly folder: string;
  /** As the superuser. Secret like `url`. */
  readonly superuserUrl: string;
}

/**
 * Opens the PostgreSQL in a data folder. Visitors come and go one at a time; the first one finds it stopped (or left
 * over by a killed process) and sees to it that it runs, the last one stops it.
 */
export async function openEmbedded({ folder: wanted, role, logger, settings = {}, launched }: EmbeddedOptions): Promise<EmbeddedHome> {
  const place = await choosePlace(wanted);
  const { folder, note } = place;
  if (note !== undefined) logger.warn({ folder }, note);
  return atTheDoor(folder, async () => {
    const main = (await whoIsIn(folder)).find((visitor) => visitor.role === 'main');
    if (role === 'main' && main) {
      throw new TaktError('HOME_IN_USE', { message: `Process ${main.pid} already works on the data folder ${folder}.` });
    }
    const card = await visitorCard(role);
    await enter(folder, card);
    try {
      const { url, superuserUrl } = await runCluster(place, settings, logger, launched);
      let closing: Promise<void> | undefined;
      return {
        kind: 'embedded',
        url,
        superuserUrl,
        folder,
        note,
        revive: () => atTheDoor(folder, () => revive(url)),
        close: () => {
          closing ??= atTheDoor(folder, () => depart());
          return closing;
        },
      };
    } catch (error) {
      await depart();
      throw error;
    }

    async function revive(url: string): Promise<void> {
      const access = await runCluster(place, settings, logger);
      if (access.url === url) return;
      throw new TaktError('HOME_START_FAILED', {
        message: 'PostgreSQL was started again, on another port: a program has taken the old one.',
        hint: 'Start Takt anew.',
      });
    }

    async function depart(): Promise<void> {
      await leave(folder, card);
      if ((await whoIsIn(folder)).length === 0) await stopCluster(folder, logger);
    }
  });
}
