import { tracedServices, type TracedService } from '../../../lib/catalog/spans';
import { samplingFile, type SamplingRatios } from '../../../lib/config/sampling';

const ratios: SamplingRatios = { critical: 1, standard: 0.5, routine: 0.05 };
const shop: TracedService = {
  criticality: 'critical',
  slowAfterSeconds: 1,
  operations: { 'GET /load': 'routine', 'GET /list': 'standard' },
};

/** What an SDK that asks for a service is told of an operation at which a trace begins. */
const ratioOf = (services: Readonly<Record<string, TracedService>>, service: string, operation: string) => {
  const { default_strategy, service_strategies } = samplingFile(services, ratios);
  const strategy = service_strategies.find((each) => each.service === service);
  const exact = strategy?.operation_strategies.find((each) => each.operation === operation);
  return (exact ?? strategy ?? default_strategy).param;
};

test.each([
  ['an operation that is listed, by how much it matters itself', 'shop', 'GET /load', 0.05],
  ['another one that is listed', 'shop', 'GET /list', 0.5],
  ['an operation that is not, by how much its service matters', 'shop', 'POST /buy', 1],
  ['a service that the catalog does not know, as one of the usual', 'stranger', 'GET /', 0.5],
])('%s', (_, service, operation, ratio) => {
  expect(ratioOf({ shop }, service, operation)).toBe(ratio);
});

test('every operation of the catalog has its ratio', () => {
  for (const [service, { criticality, operations }] of Object.entries(tracedServices)) {
    expect(ratioOf(tracedServices, service, 'another')).toBe(ratios[criticality]);
    for (const [operation, own] of Object.entries(operations))
      expect(ratioOf(tracedServices, service, operation)).toBe(ratios[own]);
  }
});

test('every strategy is a share, the one kind that holds for single operations', () => {
  const types = JSON.stringify(samplingFile(tracedServices, ratios)).match(/"type":"\w+"/g);
  expect(new Set(types)).toEqual(new Set(['"type":"probabilistic"']));
});
