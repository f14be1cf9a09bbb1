import { Duration, Size } from 'cdk8s';
import { typicalLineBytes } from '../catalog/logs';
import { bytes } from '../units/size';
import type { LogsProfile } from './profile';

export const logSources = ['application', 'platform'] as const;
type LogSourceName = (typeof logSources)[number];

/**
 * Bytes that a waiting line takes on the node's disk: the line itself, its fields once more as they were parsed, and
 * whose it is. Measured with Fluent Bit 5.1 on lines of 270 bytes: 690.
 */
const waitingLineBytes = 2 * typicalLineBytes + 256;

/** How many times the rate of the nodes Loki takes, to work off what waited while more comes in. */
const catchUpFactor = 4;

/** Without a promise, as much as Fluent Bit's own example has. */
const memoryBuffer = Size.mebibytes(50);

/** What each group of pods needs for the outage that the profile promises to outlast; or its share of what there is. */
export const bufferSizes = ({
  outage,
  buffer,
}: Pick<LogsProfile, 'outage' | 'buffer'>): Record<LogSourceName, Size> => {
  const sizeOf = (source: LogSourceName): Size => {
    if (buffer === 'memory') return memoryBuffer;
    if (outage === 'may-lose-lines') return Size.kibibytes(Math.floor(bytes(buffer.disk) / 1024 / logSources.length));
    const lines = outage.linesPerSecond[source] * outage.duration.toSeconds({ integral: false });
    return Size.kibibytes(Math.ceil((lines * waitingLineBytes) / 1024));
  };
  return { application: sizeOf('application'), platform: sizeOf('platform') };
};

const shortestAcceptance = Duration.hours(1);

/** How long after newer lines of its stream a line may reach Loki: the outage, and the time to work it off. */
export const acceptanceWindow = ({ outage }: Pick<LogsProfile, 'outage'>): Duration => {
  if (outage === 'may-lose-lines') return shortestAcceptance;
  const { duration } = outage;
  const seconds = (duration.toSeconds({ integral: false }) * catchUpFactor) / (catchUpFactor - 1);
  return Duration.seconds(Math.max(Math.ceil(seconds), shortestAcceptance.toSeconds()));
};

/** A node whose rate nobody promises. */
const unpromisedLinesPerSecond = 1000;

/** Bytes a second that Loki takes of all nodes together. */
export const ingestionRate = ({ outage, maxNodes }: Pick<LogsProfile, 'outage' | 'maxNodes'>): number => {
  const linesPerSecond =
    outage === 'may-lose-lines'
      ? unpromisedLinesPerSecond
      : logSources.reduce((sum, source) => sum + outage.linesPerSecond[source], 0);
  return linesPerSecond * typicalLineBytes * maxNodes * catchUpFactor;
};
