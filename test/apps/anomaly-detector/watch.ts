import { Detector } from '../../../apps/anomaly-detector/detector';
import { PrometheusApi } from '../../../apps/anomaly-detector/prometheus-api';
import { readSettings } from '../../../apps/anomaly-detector/settings';
import { createExposition, expose } from '../../../apps/runtime/exposition';
import { parseExposition, type Sample } from '../runtime/parse-exposition';
import { fakePrometheus, type FakePrometheus, type ValueOf } from './fake-prometheus';

export const day = 86_400;
/** A Thursday at noon. */
export const noon = 2800 * 7 * day + day / 2;

/** A day's season and a little noise that depends on the moment alone. */
export const seasonal: ValueOf = (_metric, _service, seconds) =>
  10 + 5 * Math.sin((2 * Math.PI * seconds) / day) + 0.5 * Math.sin(seconds * 12.9898);

export interface Watching {
  readonly prometheus: FakePrometheus;
  /** Every line of the log, parsed. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  /** Lets so many seconds pass. */
  readonly pass: (seconds: number) => void;
  readonly evaluate: () => Promise<void>;
  readonly samples: () => Promise<readonly Sample[]>;
  /** Of one metric: the values by `service signal`, or by nothing where it has no labels. */
  readonly values: (name: string) => Promise<Readonly<Record<string, number>>>;
}

/** A detector in front of a Prometheus that knows these values, at noon. Nothing happens until it is told to evaluate. */
export const watch = async (
  known: ValueOf = seasonal,
  environment: Readonly<Record<string, string>> = {},
): Promise<Watching> => {
  let seconds = noon;
  const now = (): number => seconds;
  const prometheus = await fakePrometheus(known, now);
  const lines: Record<string, unknown>[] = [];
  const exposition = createExposition();
  const settings = readSettings({ HISTORY: '21d', WARM_UP: '14d', ...environment });
  const detector = new Detector({
    settings,
    prometheus: new PrometheusApi(prometheus.url),
    exposition,
    log: (level, module, message) => lines.push({ level, module, message }),
    now,
  });
  const samples = async (): Promise<readonly Sample[]> => {
    detector.collect();
    const { text = '' } = await expose(exposition, '');
    return parseExposition(text).flatMap((family) => family.samples);
  };
  return {
    prometheus,
    lines,
    pass: (more) => {
      seconds += more;
    },
    evaluate: detector.evaluate,
    samples,
    values: async (name) =>
      Object.fromEntries(
        (await samples())
          .filter((sample) => sample.name === name)
          .map(({ labels, value }) => [Object.values(labels).join(' '), value]),
      ),
  };
};
