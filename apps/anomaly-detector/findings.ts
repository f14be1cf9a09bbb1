import type { anomalyDetector } from '../../lib/catalog/anomaly-detector';
import type { Instruments } from '../runtime/instruments';
import type { Verdict } from './model';
import { keyOf, signalsOfServices, type SignalOfService } from './signals';

interface Finding {
  readonly verdict: Verdict;
  readonly value: number;
  /** When it was found, in seconds since the epoch. */
  readonly seconds: number;
}

/** The last verdict on each series, for as long as it is fresh. */
export class Findings {
  private readonly findings = new Map<string, Finding>();

  /** A verdict older than `freshSeconds` says nothing about now. */
  constructor(private readonly freshSeconds: number) {}

  set(of: SignalOfService, finding: Finding): void {
    this.findings.set(keyOf(of), finding);
  }

  forget(of: SignalOfService): void {
    this.findings.delete(keyOf(of));
  }

  /** Shows the fresh verdicts, and takes away those that are not. */
  expose(metrics: Instruments<typeof anomalyDetector>, seconds: number): void {
    const gauges = [
      [metrics.anomaly_score, ({ verdict }: Finding) => verdict.score],
      [metrics.anomaly_detected, ({ verdict }: Finding) => Number(verdict.detected)],
      [metrics.anomaly_observed_value, ({ value }: Finding) => value],
      [metrics.anomaly_expected_lower, ({ verdict }: Finding) => verdict.lower],
      [metrics.anomaly_expected_upper, ({ verdict }: Finding) => verdict.upper],
    ] as const;
    for (const of of signalsOfServices) {
      const finding = this.findings.get(keyOf(of));
      const fresh = finding !== undefined && seconds - finding.seconds <= this.freshSeconds;
      for (const [gauge, valueOf] of gauges)
        if (fresh) gauge.set(of, valueOf(finding));
        else gauge.remove(of);
    }
  }
}
