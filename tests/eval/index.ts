/** All figures on real data, in the order in which they are told. */
import { below, between, type Evaluation, type Figure, figure, surelyAbove } from './figure.ts';
import { bank } from './figures/bank.ts';
import { winLoss, xEducation } from './figures/conversion.ts';
import { deciding } from './figures/deciding.ts';
import { speed } from './figures/speed.ts';
import { hillstrom } from './hillstrom.ts';
import { maven } from './maven.ts';

const AIMS: Readonly<Record<string, Parameters<typeof figure>[2]>> = {
  hillstrom_lift: surelyAbove(1),
  hillstrom_treated_share: below(1),
  maven_quarter_ratio: between(0.94, 1.06),
  maven_cover80: between(0.7, 0.9),
};

interface Measured {
  readonly name: string;
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

const told = ({ name, value, low, high }: Measured): Figure =>
  figure(name, value, AIMS[name], { ...(low === undefined ? {} : { low }), ...(high === undefined ? {} : { high }) });

const pipeline: Evaluation = {
  names: ['maven_quarter_ratio', 'maven_cover80'],
  run: async (dir) => (await maven(dir)).map(told),
};
const experiment: Evaluation = {
  names: ['hillstrom_lift', 'hillstrom_treated_share'],
  run: async (dir) => (await hillstrom(dir)).map(told),
};

export const evaluations: readonly Evaluation[] = [xEducation, winLoss, bank, pipeline, experiment, speed, deciding];
