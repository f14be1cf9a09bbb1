import { Duration } from 'cdk8s';
import { mlController } from '../catalog/ml-controller';
import { maxBy, sumBy } from '../query/promql/aggregate';
import type { Vector } from '../query/promql/expression';
import { chosen } from '../query/promql/matcher';
import { above, ratio, times } from '../query/promql/operators';
import { increase, rate } from '../query/promql/range';
import { select } from '../query/promql/select';
import { cpuOfServices, memoryOfServices } from './service-resources';
import { legend, plot, tellsOf, type Signal } from './signal';

// What scaling is good for: resources that are used instead of held, and the money that is not spent.

const ofChosen = { namespace: chosen('environment'), service: chosen('service') } as const;

const requested = (resource: 'cpu' | 'memory'): Vector<'service'> =>
  maxBy(select(mlController.kubernetes_resource_requests, { ...ofChosen, resource }), 'service');

export const cpuRequestedAndUsed: Signal = {
  title: 'CPU requested and used',
  description:
    'Cores that the pods of each scaled service request, and those that they use. A small gap is good. Used above requested becomes slow as soon as the node is full.',
  unit: 'cores',
  queries: [plot(requested('cpu'), legend`${'service'}: requested`), plot(cpuOfServices, legend`${'service'}: used`)],
};

export const memoryRequestedAndUsed: Signal = {
  title: 'Memory requested and used',
  description:
    'Memory that the pods of each scaled service request, and what they hold. Requests should rise and fall with the pods. A gap that never closes means that each pod requests too much.',
  unit: 'bytes',
  queries: [
    plot(requested('memory'), legend`${'service'}: requested`),
    plot(memoryOfServices, legend`${'service'}: used`),
  ],
  watchedBy: [tellsOf('HighMemoryUsage')],
};

const usedOf = (used: Vector<'service'>, resource: 'cpu' | 'memory') => ratio(used, above(requested(resource), 0));

export const requestsUsed: Signal = {
  title: 'Requested resources in use',
  description:
    'CPU and memory that the scaled services use, as a share of what they request. Flat while the load changes is good. When it falls with the load, idle pods are kept.',
  unit: 'ratio',
  queries: [
    plot(usedOf(cpuOfServices, 'cpu'), legend`${'service'}: CPU`),
    plot(usedOf(memoryOfServices, 'memory'), legend`${'service'}: memory`),
  ],
};

const savings = select(mlController.scaling_cost_savings_dollars_total, ofChosen);

const beside = 'Compared with running the peak number of pods all the time.';

export const savedInAll: Signal = {
  title: 'Saved in the time shown',
  description: `Dollars that scaling has saved in the time shown. ${beside} 0 means that every service runs at its peak, or that the controller does not run.`,
  unit: 'dollars',
  queries: [plot(sumBy(increase(savings, '$__range')), legend`saved`)],
};

export const savedByService: Signal = {
  title: 'Saved by service',
  description: `Dollars that scaling each service has saved in the time shown. ${beside} A service that saves nothing has no quiet hours, or is never scaled down.`,
  unit: 'dollars',
  queries: [plot(sumBy(increase(savings, '$__range'), 'service'), legend`${'service'}`)],
};

export const savedPerHour: Signal = {
  title: 'Saved per hour',
  description: `Dollars per hour that scaling saves, by service. ${beside} It is high while the load is low, and 0 while all pods are needed.`,
  unit: 'dollars',
  // Over a shorter time it would show when Prometheus looked between two decisions, at which savings are counted.
  queries: [
    plot(
      times(sumBy(rate(savings, Duration.minutes(5)), 'service'), Duration.hours(1).toSeconds()),
      legend`${'service'}`,
    ),
  ],
};

const aMonth = Duration.days(30);

export const savedPerMonth: Signal = {
  title: 'Saved in a month at this pace',
  description: `Dollars that scaling would save in ${aMonth.toDays()} days at the rate of the time shown. Choose a whole week for a fair estimate. ${beside}`,
  unit: 'dollars',
  queries: [plot(times(sumBy(rate(savings, '$__range')), aMonth.toSeconds()), legend`a month`)],
};
