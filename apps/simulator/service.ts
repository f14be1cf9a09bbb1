import type { Tracer } from '@opentelemetry/api';
import type { Faults } from './faults';
import type { Exposition } from '../runtime/instruments';
import type { Log } from '../runtime/log';
import type { Random } from '../runtime/random';
import type { Handler, Route } from '../runtime/router';
import type { Settings } from './settings';

/** What every service is given. */
export interface Surroundings {
  readonly settings: Settings;
  readonly faults: Faults;
  readonly log: Log;
  readonly tracer: Tracer;
  readonly random: Random;
  readonly exposition: Exposition;
}

/** One of AutoServe's services, as played by the simulator. */
export interface PlayedService {
  readonly routes: readonly Route[];
  /** What a path without a route gets. */
  readonly otherwise?: Handler;
  /** Sets the gauges that are read off the state; called before each scrape. */
  readonly collect: () => void;
  /** Begins what the service does of its own accord, told where it is reached. */
  readonly start: (url: string) => void;
  /** Ends that, letting work under way finish for a moment. */
  readonly stop: () => Promise<void>;
}
