import { alertNames } from './alerts';
import { oneOf, upTo } from './label-bound';
import { exposedBy, gauge } from './metric';
import { objectiveNames } from './objectives';
import { severities } from './receivers';

const ofAlert = {
  alertname: oneOf(...alertNames),
  severity: oneOf(...Object.keys(severities)),
  service: upTo(50),
  slo: oneOf(...objectiveNames),
};

/** What Prometheus itself writes down of the alerts that it evaluates; each also has the labels of what it is about. */
export const alertState = exposedBy('alerts', {
  ALERTS: gauge({
    help: '1 while an alert is pending or fires.',
    unit: 'boolean',
    origin: 'addition',
    labels: { ...ofAlert, alertstate: oneOf('pending', 'firing') },
  }),
  ALERTS_FOR_STATE: gauge({
    help: 'Since when what an alert asks has held, in seconds since the Unix epoch.',
    unit: 'timestamp',
    origin: 'addition',
    labels: ofAlert,
  }),
});
