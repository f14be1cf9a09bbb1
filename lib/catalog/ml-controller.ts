import { oneOf } from './label-bound';
import { counter, exposedBy, gauge, histogram } from './metric';

/** The services that the controller scales. */
const service = oneOf('backend', 'worker');

/** What the ml-controller exposes on port 8002. */
export const mlController = exposedBy('ml-controller', {
  scaling_decisions_total: counter({
    help: 'Scaling decisions made.',
    unit: 'decisions',
    origin: 'guide',
    labels: { action: oneOf('scale_up', 'scale_down', 'no_change'), service },
  }),
  scaling_decision_duration_seconds: histogram({
    help: 'Time from reading the load to a scaling decision.',
    unit: 'seconds',
    origin: 'addition',
    labels: { service },
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  }),
  scaling_prediction_accuracy: gauge({
    help: 'Share of the last predictions that were within tolerance of the load that came, 0 to 1.',
    unit: 'ratio',
    origin: 'guide',
  }),
  scaling_cost_savings_dollars_total: counter({
    help: 'Dollars saved against running the peak number of replicas throughout.',
    unit: 'dollars',
    origin: 'addition',
    labels: { service },
  }),
  model_inference_duration_seconds: histogram({
    help: 'Time of one inference of the scaling model.',
    unit: 'seconds',
    origin: 'guide',
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  }),
  model_last_training_timestamp: gauge({
    help: 'When the scaling model was last trained, in seconds since the Unix epoch.',
    unit: 'timestamp',
    origin: 'guide',
  }),
  model_available: gauge({ help: '1 when the scaling model can answer, else 0.', unit: 'boolean', origin: 'addition' }),
  kubernetes_pods_running: gauge({
    help: 'Running pods of a scaled service.',
    unit: 'pods',
    origin: 'guide',
    labels: { service },
  }),
  kubernetes_pods_pending: gauge({
    help: 'Pending pods of a scaled service.',
    unit: 'pods',
    origin: 'guide',
    labels: { service },
  }),
  kubernetes_resource_requests: gauge({
    help: 'Resources that the pods of a scaled service request: cores of cpu, bytes of memory.',
    unit: 'quantity',
    origin: 'guide',
    labels: { resource: oneOf('cpu', 'memory'), service },
  }),
});
