import { settingsOrExit } from '../runtime/settings-or-exit';
import { startAnomalyDetector } from './server';
import { readSettings } from './settings';

// At once: it holds nothing that could be lost.
const exit = (): void => {
  process.exit(0);
};
process.once('SIGTERM', exit).once('SIGINT', exit);

const write = (line: string): void => {
  process.stdout.write(line);
};
startAnomalyDetector(settingsOrExit(readSettings), { write, now: () => Date.now() / 1000 }).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
