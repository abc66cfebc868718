/** What figures were measured on. */
import { cpus, totalmem } from 'node:os';

export interface Machine {
  cores: number;
  processor: string;
  memory_gb: number;
  node: string;
}

export function machine(): Machine {
  const [processor] = cpus();
  return {
    cores: cpus().length,
    processor: processor?.model.trim() ?? '',
    memory_gb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
}
