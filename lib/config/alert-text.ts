/** What an annotation says, with holes that Prometheus fills in. It names no label beyond `L`. */
export interface Text<L extends string> {
  readonly template: string;
  /** Never set: it carries `L`, so that a text about labels that were aggregated away does not fit. */
  readonly labels?: L;
}

/** The value of a label of the alerting series. */
export const label = <L extends string>(name: L): Text<L> => ({ template: `{{ $labels.${name} }}` });

const valueAs = (format: string, unit = ''): Text<never> => ({ template: `{{ $value | ${format} }}${unit}` });

/** The value of the alerting series, as a person reads it. */
export const value = {
  /** A share between 0 and 1, as a percentage. */
  ratio: valueAs('humanizePercentage'),
  /** Seconds, as days, hours, minutes. */
  seconds: valueAs('humanizeDuration'),
  number: valueAs('humanize'),
  /** Events in a window, which an increase estimates at 3.02 where there were 3. */
  count: valueAs('printf "%.0f"'),
} as const;

type LabelsOf<Part> = Part extends Text<infer L> ? L : never;

/** Text of an annotation; what is put in is text of it too, or a word that is known at synth. */
export const text = <const Parts extends readonly (Text<string> | string | number)[]>(
  words: TemplateStringsArray,
  ...parts: Parts
): Text<LabelsOf<Parts[number]>> => ({
  template: words
    .map((word, index) => {
      const part = parts[index];
      return `${word}${typeof part === 'object' ? part.template : (part ?? '')}`;
    })
    .join(''),
});

/** A share as Prometheus writes it in an annotation: 0.05 is `5%`. */
export const percentage = (ratio: number): string => `${Number((ratio * 100).toPrecision(4))}%`;
