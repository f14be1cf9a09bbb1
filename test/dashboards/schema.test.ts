import { join } from 'node:path';
import ts from 'typescript';
import { dashboardsOf, panelsOf, type DashboardJson, type PanelJson } from '../harness/dashboards';
import { profiles } from '../harness/rendered';

// Grafana publishes its schema as types alone: so the compiler is given the JSON as the values of such types.

const file = join(__dirname, 'every-dashboard.ts');

/** Where the schema has the types of a kind of panel; some have no settings of their own for fields. */
const panelTypes: Readonly<Record<string, { readonly name: string; readonly hasFieldConfig: boolean }>> = {
  timeseries: { name: 'TimeSeries', hasFieldConfig: true },
  stat: { name: 'Stat', hasFieldConfig: false },
  bargauge: { name: 'BarGauge', hasFieldConfig: false },
  table: { name: 'Table', hasFieldConfig: true },
  'state-timeline': { name: 'StateTimeline', hasFieldConfig: true },
  heatmap: { name: 'Heatmap', hasFieldConfig: true },
  logs: { name: 'Logs', hasFieldConfig: false },
  nodeGraph: { name: 'NodeGraph', hasFieldConfig: false },
};

const declarations = `
import type { AnnotationQuery, Dashboard, FieldConfig, FieldConfigSource, Panel, RowPanel } from '@grafana/schema';
${Object.values(panelTypes)
  .map(({ name }) => {
    const path = `${name.toLowerCase()}/panelcfg/x/${name}PanelCfg_types.gen`;
    return `import type * as ${name} from '@grafana/schema/dist/esm/raw/composable/${path}';`;
  })
  .join('\n')}

/** As it is in JSON: a member of an enumeration is its value. */
type Plain<T> = unknown extends T ? T
  : T extends string ? \`\${T}\`
  : T extends number ? (number extends T ? T : \`\${T}\` extends \`\${infer N extends number}\` ? N : never)
  : T extends object ? { [K in keyof T]: Plain<T[K]> }
  : T;

/** Grafana fills in what is left out. */
type Fields<Custom> = Plain<Omit<FieldConfig, 'custom'>> & { custom?: Partial<Plain<Custom>> };
type PanelOf<Type, Options, Custom> = Plain<Omit<Panel, 'type' | 'options' | 'fieldConfig'>> & {
  type: Type;
  options?: Partial<Plain<Options>>;
  fieldConfig?: Plain<Omit<FieldConfigSource, 'defaults'>> & { defaults: Fields<Custom> };
};
interface Custom {
${Object.entries(panelTypes)
  .map(([type, { name, hasFieldConfig }]) => `  '${type}': ${hasFieldConfig ? `${name}.FieldConfig` : '{}'};`)
  .join('\n')}
}
interface Panels {
${Object.entries(panelTypes)
  .map(([type, { name }]) => `  '${type}': PanelOf<'${type}', ${name}.Options, Custom['${type}']>;`)
  .join('\n')}
}
/** Prometheus' plugin has annotations of its own form. */
interface PrometheusAnnotation {
  expr?: string;
  step?: string;
  titleFormat?: string;
  textFormat?: string;
  tagKeys?: string;
  useValueForTime?: boolean;
}
type Head = Plain<Omit<Dashboard, 'panels' | 'annotations'>> & {
  annotations: { list: (Plain<AnnotationQuery> & PrometheusAnnotation)[] };
};
type Row = Plain<Omit<RowPanel, 'panels'>> & { panels: [] };
`;

/** A value and its type, on a line of its own. */
interface Claim {
  readonly of: string;
  readonly type: string;
  readonly value: object;
}

interface Override {
  readonly properties: readonly { readonly id: string; readonly value: unknown }[];
}

/** What an override says of a field, as if it were said of all. */
const overrideClaims = (of: string, { type, fieldConfig }: PanelJson): readonly Claim[] =>
  ((fieldConfig?.overrides ?? []) as readonly Override[]).flatMap(({ properties }) =>
    properties.map(({ id, value }) => {
      const [first = '', custom] = id.split('.');
      const field = custom === undefined ? { [first]: value } : { [first]: { [custom]: value } };
      return { of: `${of}, ${id}`, type: `Fields<Custom['${type}']>`, value: field };
    }),
  );

const claimsOf = (dashboard: DashboardJson): readonly Claim[] => {
  const { panels, ...head } = dashboard;
  return [
    { of: dashboard.uid, type: 'Head', value: head },
    ...panels
      .filter(({ type }) => type === 'row')
      .map((row) => ({ of: `${dashboard.uid}, row ${row.title}`, type: 'Row', value: row })),
    ...panelsOf(dashboard).flatMap((panel) => {
      const of = `${dashboard.uid}, ${panel.title}`;
      return [{ of, type: `Panels['${panel.type}']`, value: panel }, ...overrideClaims(of, panel)];
    }),
  ];
};

/** What the compiler says against the claims. */
const objectionsTo = (claims: readonly Claim[]): readonly (readonly [of: string, message: string])[] => {
  const before = declarations.split('\n').length;
  const lines = claims.map(({ type, value }, index) => `const v${index}: ${type} = ${JSON.stringify(value)};`);
  const text = [declarations, ...lines].join('\n');
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: [],
  };
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022);
  const onDisk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...onDisk,
    getSourceFile: (name, ...more) => (name === file ? source : onDisk.getSourceFile(name, ...more)),
    fileExists: (name) => name === file || onDisk.fileExists(name),
  };
  const program = ts.createProgram([file], options, host);
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
    ({ start = 0, messageText }) => {
      const { line } = source.getLineAndCharacterOfPosition(start);
      const message = ts.flattenDiagnosticMessageText(messageText, '\n');
      return [claims[line - before]?.of ?? `line ${line} of the types`, message] as const;
    },
  );
};

const claims = new Map(
  Object.values(profiles)
    .flatMap(dashboardsOf)
    .flatMap(claimsOf)
    .map((claim) => [JSON.stringify([claim.type, claim.value]), claim]),
);

/** A panel, as the simplest that we have. */
const panel = {
  id: 1,
  type: 'timeseries',
  title: 'Requests',
  gridPos: { x: 0, y: 0, w: 8, h: 8 },
  options: { legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] } },
  fieldConfig: { defaults: { unit: 's', custom: { lineWidth: 1 } }, overrides: [] },
};
const ofTimeSeries = "Panels['timeseries']";

const wrong: Readonly<Record<string, Omit<Claim, 'of'>>> = {
  'a key that is misspelled': { type: ofTimeSeries, value: { ...panel, descripton: 'How many there are.' } },
  'an option that is misspelled': { type: ofTimeSeries, value: { ...panel, options: { legnd: {} } } },
  'an option that another kind of panel has': {
    type: ofTimeSeries,
    value: { ...panel, options: { graphMode: 'none' } },
  },
  'a value that an enumeration lacks': {
    type: ofTimeSeries,
    value: { ...panel, options: { legend: { ...panel.options.legend, placement: 'left' } } },
  },
  'a setting of fields that is misspelled': {
    type: ofTimeSeries,
    value: { ...panel, fieldConfig: { defaults: { custom: { linewidth: 1 } }, overrides: [] } },
  },
  'a text in the place of a number': { type: ofTimeSeries, value: { ...panel, gridPos: { ...panel.gridPos, w: '8' } } },
  'a panel without a place': { type: 'Row', value: { id: 1, type: 'row', title: 'Requests', panels: [] } },
  'a number that an enumeration lacks': {
    type: 'Head',
    value: { schemaVersion: 42, annotations: { list: [] }, graphTooltip: 3 },
  },
  'an override that is misspelled': { type: "Fields<Custom['timeseries']>", value: { custom: { fillBelow: 'x' } } },
};

const right: readonly Claim[] = [{ of: 'a panel', type: ofTimeSeries, value: panel }];

describe("Grafana's own schema", () => {
  const said = new Map<string, string[]>();
  beforeAll(() => {
    const wrongs = Object.entries(wrong).map(([of, claim]) => ({ of, ...claim }));
    for (const [of, message] of objectionsTo([...claims.values(), ...right, ...wrongs]))
      said.set(of, [...(said.get(of) ?? []), message]);
  });

  test('has no objection to any dashboard', () => {
    expect([...said].filter(([of]) => !Object.hasOwn(wrong, of))).toEqual([]);
  });

  test.each(Object.keys(wrong))('would object to %s', (of) => {
    expect(said.get(of)).toHaveLength(1);
  });
});
