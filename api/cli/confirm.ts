import type { CliContext } from './context.ts';

/**
 * Asks before many things change. Without an agreement the command has failed, and the reason is told.
 * @param fact what is said where nobody can be asked: "2 failed runs fit."
 */
export async function agreed(context: CliContext, yes: true | undefined, fact: string, question: string): Promise<boolean> {
  if (yes) return true;
  const { io } = context;
  const answer = await io.confirm(question);
  if (answer === true) return true;
  io.err(answer === undefined ? `${fact} Nobody can be asked here: add --yes.` : 'Nothing was changed.');
  context.fail(1);
  return false;
}
