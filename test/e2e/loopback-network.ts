import { randomInt } from 'node:crypto';

/**
 * Addresses that nobody else uses: 1, 2, 3 … of a random /24 below 127.0.0.0/8. Two runs on one machine do not meet,
 * though each of their programs listens at the port that it has in the cluster. Linux answers for all of them.
 */
export const loopbackNetwork = (): (() => string) => {
  const network = `127.${randomInt(1, 255)}.${randomInt(0, 256)}`;
  let last = 0;
  return () => {
    last += 1;
    if (last > 254) throw new RangeError(`${network}.0/24 is used up: delete pods before you add more`);
    return `${network}.${last}`;
  };
};
