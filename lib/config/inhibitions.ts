import { matcherText, type Matcher } from './routes';

/** While an alert of `source` fires, those of `target` that agree with it in `equal` are not told. */
interface Inhibition {
  readonly name: string;
  /** What it is for, in a sentence. */
  readonly help: string;
  readonly source: readonly Matcher[];
  readonly target: readonly Matcher[];
  readonly equal: readonly string[];
}

const is = (label: string, value: string): Matcher => ({ label, operator: '=', value });
const isNot = (label: string, value: string): Matcher => ({ label, operator: '!=', value });
/** Two alerts that both lack a label agree in it. */
const has = (label: string): Matcher => ({ label, operator: '=~', value: '.+' });
/** Not what pages, unless by something that pages; and never the dead man's, whose silence is an alarm. */
const pagesNobody: Matcher = { label: 'severity', operator: '=~', value: 'warning|info' };

const perService = ['cluster', 'service'] as const;

export const inhibitions: readonly Inhibition[] = [
  {
    name: 'critical-over-warning',
    help: 'While something critical is known of a service, its warnings and infos are not told.',
    source: [is('severity', 'critical'), has('service')],
    target: [pagesNobody],
    equal: perService,
  },
  {
    name: 'service-down-over-the-rest',
    help: 'While a service is down, nothing else is told of it, critical or not.',
    source: [is('alertname', 'ServiceDown'), has('service')],
    target: [isNot('alertname', 'ServiceDown'), { label: 'severity', operator: '=~', value: 'critical|warning|info' }],
    equal: perService,
  },
  {
    name: 'node-down-over-its-pods',
    help: 'While a node is not ready, the warnings and infos of what runs on it are not told.',
    source: [is('alertname', 'NodeNotReady'), has('node')],
    target: [isNot('alertname', 'NodeNotReady'), pagesNobody],
    equal: ['cluster', 'node'],
  },
];

/** @see https://prometheus.io/docs/alerting/latest/configuration/#inhibit_rule */
export interface InhibitRule {
  readonly name: string;
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  readonly equal: readonly string[];
}

export const inhibitRule = ({ name, source, target, equal }: Inhibition): InhibitRule => ({
  name,
  source_matchers: source.map(matcherText),
  target_matchers: target.map(matcherText),
  equal,
});
