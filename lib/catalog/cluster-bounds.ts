import { upTo } from './label-bound';

// What a cluster is expected to hold at most. Nothing is cut off there: the sample limit of exporters is far above.
export const namespace = upTo(100);
export const node = upTo(100);
export const pod = upTo(2000);
export const podOfNode = upTo(250);
export const container = upTo(10);
