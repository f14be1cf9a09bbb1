const name = 'Skip';

/** Ends a test that this cluster cannot decide: it is reported as skipped, never as passed. */
export const skip = (reason: string): never => {
  throw Object.assign(new Error(reason), { name });
};

/** The reason of a skip, also of one from another realm; of any other error, nothing. */
export const skipReason = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'name' in error && error.name === name && 'message' in error
    ? String(error.message)
    : undefined;
