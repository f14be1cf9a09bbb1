import { recorded } from '../../../lib/catalog/recorded';
import { label, percentage, text, value, type Text } from '../../../lib/config/alert-text';
import { select } from '../../../lib/query/promql/select';
import { alert } from '../../../rules/alerts/definition';

test.each<readonly [{ readonly template: string }, string]>([
  [text`${label('pod')} is not ready`, '{{ $labels.pod }} is not ready'],
  [text`fails ${value.ratio} of its requests`, 'fails {{ $value | humanizePercentage }} of its requests'],
  [text`was trained ${value.seconds} ago`, 'was trained {{ $value | humanizeDuration }} ago'],
  [text`${value.number} of ${3} replicas`, '{{ $value | humanize }} of 3 replicas'],
  [text`restarted ${value.count} times`, 'restarted {{ $value | printf "%.0f" }} times'],
  [text`more than ${percentage(0.05)}`, 'more than 5%'],
])('%p reads %s', ({ template }, expected) => {
  expect(template).toBe(expected);
});

test.each([
  [0.1, '10%'],
  [0.07, '7%'],
  [0.001, '0.1%'],
  [1, '100%'],
])('a share of %d is written as %s', (ratio, expected) => {
  expect(percentage(ratio)).toBe(expected);
});

test('a text that names a label which the series do not have does not compile', () => {
  const about = <L extends string>(summary: Text<L>) => summary.template;
  const expr = select(recorded['service:requests:rate5m']);
  const props = { expr, service: 'backend', description: text`` } as const;
  expect(alert({ ...props, summary: text`${label('service')}` }).summary).toBe(about(label('service')));
  // @ts-expect-error the recorded series has no label pod
  expect(alert({ ...props, summary: text`${label('pod')}` }).summary).toBe(about(label('pod')));
});
