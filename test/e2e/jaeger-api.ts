type Tags = Readonly<Record<string, unknown>>;

export interface Span {
  readonly traceId: string;
  readonly id: string;
  readonly parentId: string | undefined;
  readonly service: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly seconds: number;
  readonly attributes: Tags;
  /** Attributes of the process that it comes from. */
  readonly resource: Tags;
  /** Messages of the exceptions that were recorded. */
  readonly exceptions: readonly string[];
}

export interface Dependency {
  readonly parent: string;
  readonly child: string;
}

/** One line of a graph in the Monitor tab. */
export interface MonitorSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly number[];
}

interface RawTag {
  readonly key: string;
  readonly value: unknown;
}

interface RawTrace {
  readonly spans: readonly {
    readonly traceID: string;
    readonly spanID: string;
    readonly operationName: string;
    readonly references: readonly { readonly refType: string; readonly spanID: string }[];
    readonly startTime: number;
    readonly duration: number;
    readonly tags: readonly RawTag[];
    readonly logs: readonly { readonly fields: readonly RawTag[] }[];
    readonly processID: string;
  }[];
  readonly processes: Readonly<Record<string, { readonly serviceName: string; readonly tags: readonly RawTag[] }>>;
}

interface RawMetrics {
  readonly metrics: readonly {
    readonly labels: readonly { readonly name: string; readonly value: string }[];
    readonly metricPoints: readonly { readonly gaugeValue: { readonly doubleValue: number } }[];
  }[];
}

const tagsOf = (tags: readonly RawTag[]): Tags => Object.fromEntries(tags.map(({ key, value }) => [key, value]));

const spansOf = ({ spans, processes }: RawTrace): readonly Span[] =>
  spans.map(({ logs, ...span }) => {
    const process = processes[span.processID];
    const events = logs.map(({ fields }) => tagsOf(fields));
    return {
      traceId: span.traceID,
      id: span.spanID,
      parentId: span.references.find(({ refType }) => refType === 'CHILD_OF')?.spanID,
      service: process?.serviceName ?? '',
      name: span.operationName,
      start: span.startTime / 1000,
      seconds: span.duration / 1e6,
      attributes: tagsOf(span.tags),
      resource: tagsOf(process?.tags ?? []),
      exceptions: events
        .filter(({ event }) => event === 'exception')
        .map((event) => String(event['exception.message'])),
    };
  });

/** Jaeger's questions and answers. @see https://www.jaegertracing.io/docs/2.20/architecture/apis/#internal-http-json */
export class JaegerApi {
  constructor(readonly url: string) {}

  /** The spans of a trace; none when no such trace is kept. */
  async trace(id: string): Promise<readonly Span[]> {
    const response = await fetch(`${this.url}/api/traces/${id}`);
    if (response.status === 404) return [];
    const { data } = (await response.json()) as { readonly data: readonly RawTrace[] };
    return data.flatMap(spansOf);
  }

  /** The spans of each trace that a question finds. */
  async traces(path: string): Promise<readonly (readonly Span[])[]> {
    return (await this.data<readonly RawTrace[]>(path)).map(spansOf);
  }

  dependencies(path: string): Promise<readonly Dependency[]> {
    return this.data(path);
  }

  /** What a graph of the Monitor tab shows. */
  async monitor(
    graph: 'calls' | 'errors' | 'latencies',
    parameters: Readonly<Record<string, string>>,
  ): Promise<readonly MonitorSeries[]> {
    const path = `/api/metrics/${graph}?${new URLSearchParams(parameters).toString()}`;
    return (await this.get<RawMetrics>(path)).metrics.map(({ labels, metricPoints }) => ({
      labels: Object.fromEntries(labels.map(({ name, value }) => [name, value])),
      values: metricPoints.map(({ gaugeValue }) => gaugeValue.doubleValue),
    }));
  }

  private async data<T>(path: string): Promise<T> {
    return (await this.get<{ readonly data: T }>(path)).data;
  }

  private async get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.url}${path}`);
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }
}
