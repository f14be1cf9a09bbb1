import { anomalySignals, type AnomalySignal } from '../../lib/catalog/anomaly-signals';
import { services, type Service } from '../../lib/catalog/components';

/** Labels of one judged series. There are no others: their number bounds what the detector remembers. */
export interface SignalOfService {
  readonly service: Service;
  readonly signal: AnomalySignal;
}

export const keyOf = ({ service, signal }: SignalOfService): string => `${signal} of ${service}`;

export const signals = Object.keys(anomalySignals) as AnomalySignal[];

export const signalsOfServices: readonly SignalOfService[] = signals.flatMap((signal) =>
  services.map((service) => ({ service, signal })),
);

/** The signal of our services and of nothing else, however many series bear its name. */
export const queryOf = (signal: AnomalySignal): string =>
  `${anomalySignals[signal].name}{service=~"${services.join('|')}"}`;
