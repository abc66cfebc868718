/** A contestant's process, as the benchmark sees it. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Answer, Ask } from './programs/protocol.ts';

export interface ContestantProcess {
  pid: number;
  /** @throws Error with what the contestant said when it failed */
  ask(ask: Ask): Promise<number[]>;
  /** Lets it close what it has open. */
  stop(): Promise<void>;
}

/** A contestant that does not end by itself is ended after so long, milliseconds. */
const STOP_MS = 20_000;

/** Resolves when the contestant is ready. What it writes goes to standard error. */
export async function startContestant(program: string, url: string, folder: string): Promise<ContestantProcess> {
  const child = fork(program, [url, folder], { stdio: ['ignore', 2, 2, 'ipc'], serialization: 'advanced' });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    if (child.connected) child.disconnect();
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(late);
  };
  try {
    await answered(child, program);
  } catch (error) {
    await stop();
    throw error;
  }
  const { pid } = child;
  if (pid === undefined) throw new Error(`${program} did not start.`);
  return {
    pid,
    async ask(ask) {
      const next = answered(child, program);
      child.send(ask);
      const answer = await next;
      if ('values' in answer) return answer.values;
      throw new Error(`${program} answered without values.`);
    },
    stop,
  };
}

/** The next answer; an error where the process tells one or ends. */
function answered(child: ChildProcess, program: string): Promise<Exclude<Answer, { error: string }>> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null, signal: string | null): void => {
      child.off('message', heard);
      reject(new Error(`${program} ended with ${code ?? signal} before it answered.`));
    };
    const heard = (answer: Answer): void => {
      child.off('exit', ended);
      if ('error' in answer) reject(new Error(`${program}: ${answer.error}`));
      else resolve(answer);
    };
    child.once('message', heard);
    child.once('exit', ended);
  });
}
