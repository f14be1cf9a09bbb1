import { alertmanager } from '../../../lib/catalog/alertmanager';
import type { alertmanagerAlerts } from '../../../rules/alerts/alertmanager';
import {
  bursts,
  hold,
  minutes,
  never,
  rise,
  series,
  until,
  type Firing,
  type ScenarioTable,
  type Series,
  type Shape,
} from '../scenario';
import { podTarget } from './targets';

const member = (ordinal: number) => podTarget('alertmanager', `alertmanager-${ordinal}`, ordinal + 1, 9093);
const sees = (ordinal: number, members: Shape) =>
  series(alertmanager.alertmanager_cluster_members, member(ordinal), members);
const configuration = (ordinal: number, hash: Shape) =>
  series(alertmanager.alertmanager_config_hash, member(ordinal), hash);
/** Stands for one configuration and another. */
const [oldHash, newHash] = [180_302_714_928_451, 39_285_160_229_173];

interface Notifications {
  readonly sent: Shape;
  readonly failed: Shape;
  readonly failedOtherwise?: Shape;
}

/** What a member sends to a receiver by an integration, and what of it fails, for one reason or another. */
const notifications = (
  integration: 'slack' | 'webhook',
  receiver_name: string,
  { sent, failed, failedOtherwise = hold(0) }: Notifications,
  ordinal = 0,
): readonly Series[] => {
  const labels = { ...member(ordinal), integration, receiver_name };
  const failures = alertmanager.alertmanager_notifications_failed_total;
  return [
    series(alertmanager.alertmanager_notifications_total, labels, sent),
    series(failures, { ...labels, reason: 'serverError' }, failed),
    series(failures, { ...labels, reason: 'clientError' }, failedOtherwise),
  ];
};

const notSent = (share: string): Firing => ({
  labels: { integration: 'slack', receiver_name: 'team', service: 'alertmanager' },
  summary: `${share} of the notifications to team are not sent`,
  description: 'More than 40% of those by slack were given up: people are not told of alerts that fire.',
});

export const alertmanagerScenarios: ScenarioTable<keyof typeof alertmanagerAlerts> = {
  AlertmanagerMembersMissing: {
    fires: {
      'when two members do not see the third, which sees itself': {
        series: [sees(0, hold(2)), sees(1, hold(2)), sees(2, hold(1))],
        lasts: minutes(16),
        firing: [2, 2, 1].map((members, ordinal) => ({
          labels: { ...member(ordinal), service: 'alertmanager' },
          summary: `alertmanager-${ordinal} finds only ${members} of 3 Alertmanagers`,
          description: 'Members that do not see each other send the same notification more than once.',
        })),
      },
    },
    silent: {
      'while each sees all': { series: [sees(0, hold(3)), sees(1, hold(3)), sees(2, hold(3))] },
      'during an update': { series: [sees(0, until(minutes(15), hold(2), hold(3)))] },
    },
  },
  AlertmanagerConfigsDiffer: {
    fires: {
      'when one of three has another configuration': {
        series: [configuration(0, hold(oldHash)), configuration(1, hold(oldHash)), configuration(2, hold(newHash))],
        firing: [
          {
            labels: { service: 'alertmanager' },
            summary: 'The Alertmanagers have different configurations',
            description: 'Who is told depends on which of them sends: an update may have stopped half way.',
          },
        ],
      },
    },
    silent: {
      'while they are alike': { series: [0, 1, 2].map((ordinal) => configuration(ordinal, hold(oldHash))) },
      'during an update': {
        series: [configuration(0, hold(newHash)), configuration(1, until(minutes(20), hold(oldHash), hold(newHash)))],
      },
      'while one is gone': {
        series: [configuration(0, hold(newHash)), configuration(1, until(minutes(10), hold(oldHash), never))],
      },
    },
  },
  AlertmanagerNotificationsFailing: {
    fires: {
      // What is not sent is tried again after each group interval.
      'when each try fails, of which there is one every ten minutes': {
        series: notifications('slack', 'team', { sent: bursts(minutes(10)), failed: bursts(minutes(10)) }),
        firing: [notSent('100%')],
      },
      'when some fail, for one reason or another, of those that one of two members sends': {
        series: [
          ...notifications('slack', 'team', { sent: rise(6), failed: rise(3), failedOtherwise: rise(2) }),
          ...notifications('slack', 'team', { sent: rise(4), failed: hold(0) }, 1),
          ...notifications('slack', 'page', { sent: rise(8), failed: hold(0) }),
          ...notifications('webhook', 'team', { sent: rise(8), failed: hold(0) }),
        ],
        firing: [notSent('50%')],
      },
      'when more than two in five fail': {
        series: notifications('slack', 'team', { sent: rise(100), failed: rise(41) }),
        lasts: minutes(6),
        firing: [notSent('41%')],
      },
      'when those that were sent are long past': {
        series: notifications('slack', 'team', {
          sent: until(minutes(14), rise(1), until(minutes(1.5), hold(840), rise(1, 840))),
          failed: until(minutes(15.5), hold(60), rise(1, 60)),
        }),
        firing: [notSent('100%')],
      },
    },
    silent: {
      'while two in five fail': {
        series: notifications('slack', 'team', { sent: rise(100), failed: rise(40) }),
      },
      'while there is nothing to send': { series: notifications('slack', 'team', { sent: hold(0), failed: hold(0) }) },
      'when many are sent after one that failed': {
        series: notifications('slack', 'team', {
          sent: until(minutes(10), hold(0), rise(1, 1)),
          failed: until(minutes(10), hold(0), hold(1)),
        }),
      },
    },
  },
};
