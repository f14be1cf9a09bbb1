import { Duration } from 'cdk8s';
import { alertmanagerConfig, receiverNames } from '../../../lib/config/alertmanager';

const timings = {
  groupWait: Duration.seconds(1),
  groupInterval: Duration.seconds(2),
  repeatInterval: Duration.seconds(3),
};
const config = alertmanagerConfig({
  receivers: {
    page: { kind: 'pagerduty', routingKey: '/secrets/page' },
    team: { kind: 'slack', webhookUrl: '/secrets/team', channel: '#alerts' },
    'dead-man': { kind: 'interface-only' },
  },
  timings: { page: timings, team: timings, deadManInterval: Duration.seconds(6) },
  templateFile: '/templates/notifications.tmpl',
});

test('the whole file', () => {
  expect(config).toMatchSnapshot();
});

test('every receiver that a route may name is there, and nobody is told nothing', () => {
  expect(config.receivers.map(({ name }) => name)).toEqual(receiverNames);
  expect(config.receivers.at(-1)).toEqual({ name: 'nobody' });
});
