import { skippedWithout } from '../../tools/optional-programs';
import { administrator, askGrafana, grafana, type Question } from '../harness/grafana';
import { stack } from './running-stack';

/** A test that needs Grafana. */
export const grafanaTest = (name: string, body: () => Promise<unknown>): void => {
  if (grafana === undefined) test.skip(`${name}: ${skippedWithout('grafana')}`, body);
  else test(name, body);
};

/** Asks the stack's Grafana as its administrator. */
export const grafanaAnswer = (path: string, question: Question = {}): ReturnType<typeof askGrafana> =>
  askGrafana(`http://${stack().podOf('grafana').host}`, path, { as: administrator, ...question });
