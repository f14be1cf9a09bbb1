import type { Profile } from './lib/profile/profile';

/**
 * What this site changes in the profiles, in one place: registries, sizes, address ranges, namespaces.
 *
 * @example
 * import { Duration } from 'cdk8s';
 * import type { Profile } from './lib/profile/profile';
 *
 * export const site = (profile: Profile): Profile =>
 *   profile.name === 'production'
 *     ? { ...profile, prometheus: { ...profile.prometheus, retention: Duration.days(60) } }
 *     : profile;
 */
export const site = (profile: Profile): Profile => profile;
