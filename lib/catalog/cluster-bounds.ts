import { upTo } from './label-bound';

// Bounds of what a cluster holds. They size sample limits, so each is generous: a cluster beyond one of them
// needs its own number here, not a silent gap.
export const namespace = upTo(100);
export const node = upTo(100);
export const pod = upTo(2000);
export const podOfNode = upTo(250);
export const container = upTo(10);
