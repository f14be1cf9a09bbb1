import { randomUUID } from 'node:crypto';
import { context, propagation, type Context } from '@opentelemetry/api';

/** Entry of the baggage, which is passed on with every call. */
const entry = 'correlation_id';

const idIn = (given: Context): string | undefined => propagation.getBaggage(given)?.getEntry(entry)?.value;

/** What the user action that is served here is called in every service. */
export const correlationId = (): string | undefined => idIn(context.active());

/** The context of a user action: of the one that the caller named, or of a new one. */
export const correlated = (parent: Context): Context => {
  if (idIn(parent) !== undefined) return parent;
  const baggage = propagation.getBaggage(parent) ?? propagation.createBaggage();
  return propagation.setBaggage(parent, baggage.setEntry(entry, { value: randomUUID() }));
};
