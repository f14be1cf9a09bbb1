export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly exemplar?: Readonly<Record<string, string>>;
}

export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: readonly Sample[];
}

const labelsOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)].map(([, name = '', value = '']) => [name, value]),
  );

const sampleLine =
  /^(?<name>[\w:]+)(?:\{(?<labels>[^}]*(?:\{id\}[^}]*)?)\})? (?<value>\S+)(?: # \{(?<exemplar>[^}]*)\} \S+ \S+)?$/;

const parseSample = (line: string): Sample => {
  const groups = sampleLine.exec(line)?.groups;
  if (!groups) throw new Error(`not a sample: ${line}`);
  const { name = '', labels = '', value, exemplar } = groups;
  return {
    name,
    labels: labelsOf(labels),
    value: Number(value),
    ...(exemplar !== undefined && { exemplar: labelsOf(exemplar) }),
  };
};

/** Reads the classic text format and OpenMetrics; every sample belongs to the family above it. */
export const parseExposition = (text: string): readonly Family[] => {
  const families: { name: string; help: string; type: string; samples: Sample[] }[] = [];
  for (const line of text.split('\n')) {
    const [, keyword, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (keyword === 'HELP') families.push({ name, help: rest, type: '', samples: [] });
    const family = families.at(-1);
    if (keyword === 'TYPE' && family?.name === name) family.type = rest;
    else if (line !== '' && !line.startsWith('#')) family?.samples.push(parseSample(line));
  }
  return families;
};
