export interface SettingProblem {
  readonly name: string;
  readonly value: string | undefined;
  readonly fix: string;
}

/** Everything that is wrong with the environment, at once. */
export class SettingsError extends Error {
  constructor(readonly problems: readonly SettingProblem[]) {
    const lines = problems.map(
      ({ name, value, fix }) => `${name} is ${value === undefined ? 'not set' : `"${value}"`}: ${fix}`,
    );
    super(lines.join('\n'));
  }
}

const unitSeconds: Readonly<Record<string, number>> = { w: 604_800, d: 86_400, h: 3600, m: 60, s: 1 };

/** Seconds of a duration as Prometheus writes it, such as `28d` or `1h30m`; NaN of anything else. */
const secondsOf = (duration: string): number =>
  /^(\d+[wdhms])+$/.test(duration)
    ? [...duration.matchAll(/(\d+)(.)/g)].reduce(
        (sum, [, n, unit = '']) => sum + Number(n) * (unitSeconds[unit] ?? NaN),
        0,
      )
    : NaN;

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads variables one by one, and collects what is wrong with them. */
export class EnvironmentReader {
  readonly problems: SettingProblem[] = [];

  constructor(private readonly environment: Environment) {}

  text(name: string, byDefault: string): string {
    return this.given(name) ?? byDefault;
  }

  oneOf<V extends string>(name: string, allowed: readonly V[], byDefault?: V): V | undefined {
    const value = this.given(name) ?? byDefault;
    const found = allowed.find((each) => each === value);
    if (found === undefined) this.refuse(name, `set it to one of ${allowed.join(', ')}`);
    return found;
  }

  number(name: string, byDefault: number, lowest: number, highest: number): number {
    const value = this.given(name);
    if (value === undefined) return byDefault;
    const number = Number(value);
    if (number >= lowest && number <= highest) return number;
    this.refuse(name, `set it to a number from ${lowest} to ${highest}, or leave it out`);
    return byDefault;
  }

  integer(name: string, byDefault: number, lowest: number, highest: number): number {
    const value = this.given(name);
    if (value === undefined || /^-?\d+$/.test(value)) return this.number(name, byDefault, lowest, highest);
    this.refuse(name, `set it to a whole number from ${lowest} to ${highest}, or leave it out`);
    return byDefault;
  }

  /** In seconds; the bounds and the default are durations too. */
  duration(name: string, byDefault: string, lowest: string, highest: string): number {
    const value = this.given(name);
    if (value === undefined) return secondsOf(byDefault);
    const seconds = secondsOf(value);
    if (seconds >= secondsOf(lowest) && seconds <= secondsOf(highest)) return seconds;
    this.refuse(name, `set it to a duration from ${lowest} to ${highest} such as ${byDefault}, or leave it out`);
    return secondsOf(byDefault);
  }

  url(name: string, byDefault: string): string {
    const value = this.given(name) ?? byDefault;
    if (URL.canParse(value) && new URL(value).protocol === 'http:') return value;
    this.refuse(name, `set it to a URL such as ${byDefault}`);
    return byDefault;
  }

  given(name: string): string | undefined {
    const value = this.environment[name];
    return value === '' ? undefined : value;
  }

  refuse(name: string, fix: string): void {
    this.problems.push({ name, value: this.environment[name], fix });
  }
}
