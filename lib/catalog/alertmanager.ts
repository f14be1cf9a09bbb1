import { oneOf, upTo } from './label-bound';
import { counter, exposedBy, gauge } from './metric';

/** Of the receivers that are configured; `receiver_name` is there since a feature of Alertmanager is switched on. */
const receiver = {
  integration: upTo(5, 'email', 'opsgenie', 'pagerduty', 'slack', 'webhook'),
  receiver_name: upTo(5, 'page', 'team', 'dead-man'),
};

/** What Alertmanager says about itself. */
export const alertmanager = exposedBy('alertmanager', {
  alertmanager_alerts_received_total: counter({
    help: 'Alerts that Prometheus sent, repetitions included.',
    unit: 'alerts',
    origin: 'addition',
    labels: { status: oneOf('firing', 'resolved'), version: oneOf('v2') },
  }),
  alertmanager_notifications_total: counter({
    help: 'Notifications that were to be sent.',
    unit: 'notifications',
    origin: 'addition',
    labels: receiver,
  }),
  alertmanager_notifications_failed_total: counter({
    help: 'Notifications that were given up.',
    unit: 'notifications',
    origin: 'addition',
    labels: { ...receiver, reason: upTo(10, 'other', 'clientError', 'serverError') },
  }),
  alertmanager_config_hash: gauge({
    help: 'Stands for the configuration in use: equal on all members of a cluster.',
    unit: 'info',
    origin: 'addition',
  }),
  alertmanager_cluster_members: gauge({
    help: 'Members of the cluster that it sees, itself included.',
    unit: 'replicas',
    origin: 'addition',
  }),
});
