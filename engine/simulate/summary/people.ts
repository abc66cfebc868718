import type { World } from '../world.ts';

/** Names of people by their ids: as they are called, and what the files call them where two are called alike. */
export async function namesOfPeople(world: World, ids: readonly string[]): Promise<(id: string) => string> {
  const records = await world.engine.records.getMany(ids);
  const plain = new Map(records.map((record) => [record.id, String(record.name)]));
  const twice = new Set([...plain.values()].filter((name, i, all) => all.indexOf(name) !== i));
  return (id) => {
    const name = plain.get(id) ?? id;
    return twice.has(name) ? `${name} (${world.names.nameOf(id) ?? id})` : name;
  };
}
