import { SettingsError, type Environment } from './environment';

/** The settings, or the end of the process, with all that is wrong on standard error. */
export const settingsOrExit = <S>(read: (environment: Environment) => S): S => {
  try {
    return read(process.env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
};
