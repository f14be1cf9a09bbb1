import type { AnomalyMethod } from '../../lib/catalog/anomaly-methods';
import { learnForest } from './forest';
import type { Learn } from './model';
import { learnSeasonal } from './seasonal';
import { learnThreeSigma } from './three-sigma';

export const learners: Readonly<Record<AnomalyMethod, Learn>> = {
  forest: learnForest,
  seasonal: learnSeasonal,
  'three-sigma': learnThreeSigma,
};
