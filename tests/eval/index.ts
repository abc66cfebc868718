/** All figures on real data, in the order in which they are told. */
import type { Evaluation } from './figure.ts';
import { bank } from './figures/bank.ts';
import { winLoss, xEducation } from './figures/conversion.ts';
import { speed } from './figures/speed.ts';

export const evaluations: readonly Evaluation[] = [xEducation, winLoss, bank, speed];
