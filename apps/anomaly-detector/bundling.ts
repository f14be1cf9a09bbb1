import { bundlingOf } from '../runtime/bundling';

export const bundling = bundlingOf(__dirname);
