import type { LabelBound } from '../../catalog/label-bound';
import { streamLabels, type StreamLabel } from '../../catalog/log-streams';
import { matcherText, type Comparison, type Matcher } from '../promql/matcher';
import type { Lines } from './lines';

type LabelValue<L extends StreamLabel> = (typeof streamLabels)[L] extends LabelBound<infer V> ? V : never;

type Matchers = { readonly [L in StreamLabel]?: LabelValue<L> | Comparison };

/** Matchers of labels that are shipped, and of no others. */
type ExactMatchers<X> = X & Readonly<Record<Exclude<keyof X, StreamLabel>, never>>;

/** Whether a stream that lacks the label would match. */
const matchesAbsence = (matcher: Matcher): boolean => {
  if (typeof matcher === 'string') return matcher === '';
  const { operator, value } = matcher;
  if (operator === '!=') return value !== '';
  return new RegExp(`^(?:${value})$`).test('') === (operator === '=~');
};

/**
 * Every line of the streams whose labels match, the matchers in the catalog's order.
 *
 * @throws RangeError when a label is not shipped or never holds such a value, or when every stream would match for
 * lack of a label: Loki refuses to look at all of them.
 */
export const select = <const X extends Matchers>(matchers: ExactMatchers<X>): Lines<'unparsed'> => {
  const labels = Object.keys(streamLabels);
  const given = new Map(Object.entries<Matcher | undefined>(matchers));
  for (const label of given.keys())
    if (!labels.includes(label))
      throw new RangeError(`no stream has a label ${label}: the labels that are shipped are ${labels.join(', ')}`);
  const texts = Object.entries(streamLabels).flatMap(([label, bound]) => {
    const matcher = given.get(label);
    return matcher === undefined ? [] : [matcherText(label, matcher, bound)];
  });
  const text = `{${texts.join(', ')}}`;
  if ([...given.values()].every((matcher) => matcher === undefined || matchesAbsence(matcher)))
    throw new RangeError(`${text} matches streams without any label: Loki wants one matcher that is not met by ""`);
  return { text, state: 'unparsed', uses: [] };
};
