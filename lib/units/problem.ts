/** One thing that is wrong with the input: where it is, what it holds, and how to mend it. */
export interface Problem {
  /** Dotted path of the value, as in `production.prometheus.retention`. */
  readonly path: string;
  /** The offending value as text, with its unit. */
  readonly value: string;
  /** What is wrong and what to write instead. */
  readonly fix: string;
}

/** Every problem that was found, in one error. */
export class InvalidInput extends Error {
  constructor(readonly problems: readonly Problem[]) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    super([`${count}:`, ...problems.map(({ path, value, fix }) => `  ${path}: ${value}: ${fix}`)].join('\n'));
    this.name = 'InvalidInput';
  }
}

/** @throws InvalidInput when there is any problem. */
export const refuse = (problems: readonly Problem[]): void => {
  if (problems.length > 0) throw new InvalidInput(problems);
};
