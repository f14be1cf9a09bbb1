import type { ScaledService } from './scaled-service';

export type Action = 'scale_up' | 'scale_down' | 'no_change';

/** A replica goes only when the rest would carry this much more than what is predicted. */
const reserve = 1.25;
/** Decisions in a row that must agree before a replica goes. */
const patience = 4;

type Limits = Pick<ScaledService, 'minReplicas' | 'maxReplicas' | 'loadPerReplica'>;

/**
 * Decides on the replicas of one service: up at once and as far as the prediction asks, down one at a time and only
 * after the load stayed low.
 */
export class Scaler {
  private readonly startedAt: number[] = [];
  private lowInARow = 0;

  constructor(
    private readonly limits: Limits,
    private readonly podStartSeconds: number,
    private count = limits.minReplicas,
  ) {}

  get running(): number {
    return this.count;
  }

  get pending(): number {
    return this.startedAt.length;
  }

  /** Takes over what the service says it has, as after a restart of the controller. */
  adopt(replicas: number): void {
    this.count = Math.max(this.limits.minReplicas, replicas);
  }

  /** Pods whose start has taken its time are running now. */
  settle(now: number): void {
    while (now - (this.startedAt[0] ?? Infinity) >= this.podStartSeconds) {
      this.startedAt.shift();
      this.count += 1;
    }
  }

  decide(predicted: number, now: number): Action {
    const replicas = this.count + this.pending;
    const wanted = this.replicasFor(predicted);
    if (wanted > replicas) {
      this.lowInARow = 0;
      for (let added = replicas; added < wanted; added += 1) this.startedAt.push(now);
      return 'scale_up';
    }
    this.lowInARow = this.replicasFor(predicted * reserve) < replicas ? this.lowInARow + 1 : 0;
    if (this.lowInARow < patience || this.pending > 0) return 'no_change';
    this.lowInARow = 0;
    this.count -= 1;
    return 'scale_down';
  }

  private replicasFor(load: number): number {
    const { minReplicas, maxReplicas, loadPerReplica } = this.limits;
    return Math.min(maxReplicas, Math.max(minReplicas, Math.ceil(load / loadPerReplica)));
  }
}
