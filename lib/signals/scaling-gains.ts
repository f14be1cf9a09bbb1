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
    'Cores that the pods of each scaled service request, and those that they use. The smaller the gap, the less is held in vain; used above requested is slow as soon as a node is full.',
  unit: 'cores',
  queries: [plot(requested('cpu'), legend`${'service'}: requested`), plot(cpuOfServices, legend`${'service'}: used`)],
};

export const memoryRequestedAndUsed: Signal = {
  title: 'Memory requested and used',
  description:
    'Memory that the pods of each scaled service request, and what they hold. Requests should rise and fall with the pods; where so much is never used, each pod asks for too much.',
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
    'Share of what the scaled services request that they use: how well scaling fits what is held to what is needed. A level line while the load changes is good; one that falls with the load holds pods that have nothing to do.',
  unit: 'ratio',
  queries: [
    plot(usedOf(cpuOfServices, 'cpu'), legend`${'service'}: CPU`),
    plot(usedOf(memoryOfServices, 'memory'), legend`${'service'}: memory`),
  ],
};

const savings = select(mlController.scaling_cost_savings_dollars_total, ofChosen);

const beside = 'Counted against running the peak number of pods all the time.';

export const savedInAll: Signal = {
  title: 'Saved in the time shown',
  description: `Dollars that scaling has spared. ${beside} Nothing at all means that every service runs at its peak, or that the controller does not.`,
  unit: 'dollars',
  queries: [plot(sumBy(increase(savings, '$__range')), legend`saved`)],
};

export const savedByService: Signal = {
  title: 'Saved by service',
  description: `Dollars that scaling each service has spared in the time shown. ${beside} A service that saves nothing has no quiet hours, or is never scaled down.`,
  unit: 'dollars',
  queries: [plot(sumBy(increase(savings, '$__range'), 'service'), legend`${'service'}`)],
};

export const savedPerHour: Signal = {
  title: 'Saved per hour',
  description: `Dollars per hour that scaling spares. ${beside} It is high while the load is low, and 0 while all pods are needed.`,
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
  description: `Dollars that scaling spares in ${aMonth.toDays()} days, if it goes on as in the time shown: choose a whole week for a fair estimate. ${beside}`,
  unit: 'dollars',
  queries: [plot(times(sumBy(rate(savings, '$__range')), aMonth.toSeconds()), legend`a month`)],
};
