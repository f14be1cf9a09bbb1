import type { Duration } from 'cdk8s';
import { isLonger, prometheusDuration } from '../../units/duration';
import type { Problem } from '../../units/problem';
import type { Expression } from '../expression';
import type { Range } from './expression';
import type { Lines } from './lines';

/** A question to the logs that has a name. */
export interface LogQuery<E extends Lines | Expression<Range> = Lines | Expression<Range>> {
  readonly title: string;
  /** What it answers, in one sentence. */
  readonly help: string;
  readonly expression: E;
  /** How far back it is meant to be asked. */
  readonly range: Duration;
}

/** Every query that looks further back than lines are kept, by its name. */
export const checkLogQueries = (queries: Readonly<Record<string, LogQuery>>, retention: Duration): Problem[] => {
  const fix = `lines are kept for ${prometheusDuration(retention)}: shorten it or lengthen the retention of logs`;
  return Object.entries(queries).flatMap(([name, { expression, range }]) =>
    [
      { path: `logQueries.${name}.range`, reach: range },
      ...expression.uses.map(({ window }) => ({ path: `logQueries.${name}.expression`, reach: window })),
    ].flatMap(({ path, reach }) =>
      typeof reach !== 'string' && isLonger(reach, retention) ? [{ path, value: prometheusDuration(reach), fix }] : [],
    ),
  );
};
