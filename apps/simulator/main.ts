import { context, diag, DiagLogLevel, ROOT_CONTEXT } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { createLog } from '../runtime/log';
import { settingsOrExit } from '../runtime/settings-or-exit';
import { readSettings, type Settings } from './settings';
import { startSimulator } from './simulator';

const write = (line: string): void => {
  process.stdout.write(line);
};
const exit = (code: number): void => {
  process.exit(code);
};

/** Spans that could not be exported, and the like. */
const logTracingProblems = ({ service, logLevel: level }: Settings): void => {
  const log = createLog({ service, level, write });
  const warn = (message: string): void => {
    // The request in which a batch became full has nothing to do with it.
    context.with(ROOT_CONTEXT, () => {
      log('WARN', 'tracing', message);
    });
  };
  const ignore = (): void => undefined;
  diag.setLogger({ error: warn, warn, info: ignore, debug: ignore, verbose: ignore }, DiagLogLevel.WARN);
};

const main = async (): Promise<void> => {
  const settings = settingsOrExit(readSettings);
  const spanProcessors = settings.tracing.exporter === 'otlp' ? [new BatchSpanProcessor(new OTLPTraceExporter())] : [];
  const simulator = await startSimulator(settings, { write, exit, spanProcessors });
  // Not before: the SDK warns of a remote sampler, whose name it does not know.
  logTracingProblems(settings);
  const stop = (): void => {
    void simulator.stop().then(() => {
      exit(0);
    });
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
};

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  exit(1);
});
