/** How many events a second came within the last seconds. */
export class RecentRate {
  private readonly times: number[] = [];
  private readonly begin = Date.now();

  constructor(private readonly windowSeconds: number) {}

  mark(): void {
    this.times.push(Date.now());
    this.forgetOld();
  }

  get perSecond(): number {
    this.forgetOld();
    const observedSeconds = Math.max(1, (Date.now() - this.begin) / 1000);
    return this.times.length / Math.min(this.windowSeconds, observedSeconds);
  }

  private forgetOld(): void {
    const oldest = Date.now() - this.windowSeconds * 1000;
    while ((this.times[0] ?? Infinity) < oldest) this.times.shift();
  }
}
