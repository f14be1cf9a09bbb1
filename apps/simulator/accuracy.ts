/** How far a prediction may be off. */
export interface Tolerance {
  /** As a share of what came. */
  readonly ratio: number;
  /** For small loads, where one task more is a large share. */
  readonly absolute: number;
}

const remembered = 120;

/** Which share of the last predictions came true. */
export class Accuracy {
  private readonly hits: boolean[] = [];

  record(predicted: number, came: number, { ratio, absolute }: Tolerance): void {
    this.hits.push(Math.abs(predicted - came) <= Math.max(ratio * came, absolute));
    if (this.hits.length > remembered) this.hits.shift();
  }

  /** 1 before the first prediction was put to the test: none has missed. NaN would spoil every average over it. */
  get ratio(): number {
    return this.hits.length === 0 ? 1 : this.hits.filter(Boolean).length / this.hits.length;
  }
}
