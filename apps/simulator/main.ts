import { readSettings, SettingsError, type Settings } from './settings';
import { startSimulator } from './simulator';

const write = (line: string): void => {
  process.stdout.write(line);
};
const exit = (code: number): void => {
  process.exit(code);
};

const settingsOrExit = (): Settings => {
  try {
    return readSettings(process.env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
};

const main = async (): Promise<void> => {
  const simulator = await startSimulator(settingsOrExit(), { write, exit });
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
