import type { RuleGroup } from '../lib/config/rule-file';
import { nodes } from './nodes';

/** Every group that Prometheus evaluates. */
export const ruleGroups: readonly RuleGroup[] = [nodes];
