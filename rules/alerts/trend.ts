import { Duration } from 'cdk8s';

/** What fills up is judged by how it did so for so long. */
export const trend = Duration.hours(6);

/** How far ahead somebody wants to know that it will be full. */
export const horizon = Duration.days(1);
