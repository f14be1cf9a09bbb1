import { skippedWithout } from '../../tools/optional-programs';
import { fluentBit } from './log-programs';

type Body = () => Promise<unknown>;

const named = (name: string): string => (fluentBit === undefined ? `${name} (stand-in for Fluent Bit)` : name);

/** A test of what reaches Loki, whoever brings it. */
export const shippingTest = (name: string, body: Body): void => {
  test(named(name), body);
};

/** A test of what Fluent Bit alone can show. */
export const fluentBitTest = (name: string, body: Body, timeoutSeconds?: number): void => {
  const timeout = timeoutSeconds === undefined ? undefined : timeoutSeconds * 1000;
  if (fluentBit === undefined) test.skip(`${name}: ${skippedWithout('fluent-bit')}`, body);
  else test(name, body, timeout);
};
