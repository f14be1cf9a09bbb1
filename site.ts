import type { Profile } from './lib/profile/profile';

/**
 * What this site changes in the profiles, in one place: registries, sizes, address ranges, namespaces.
 *
 * @example
 * export const site = (profile: Profile): Profile => ({
 *   ...profile,
 *   prometheus: { ...profile.prometheus, retention: Duration.days(60) },
 * });
 */
export const site = (profile: Profile): Profile => profile;
