/** What the backend and the worker say to each other about tasks. */

/** How long tasks take and where they wait; names and queues are the catalog's. */
export const taskKinds = [
  { task: 'notification', queue: 'priority', weight: 40, medianSeconds: 0.5, records: 0 },
  { task: 'data_processing', queue: 'default', weight: 35, medianSeconds: 4, records: 400 },
  { task: 'report_generation', queue: 'default', weight: 20, medianSeconds: 8, records: 0 },
  { task: 'model_training', queue: 'default', weight: 5, medianSeconds: 20, records: 0 },
] as const;
export type TaskKind = (typeof taskKinds)[number];
export type QueueName = TaskKind['queue'];

export const taskKind = (name: unknown): TaskKind | undefined => taskKinds.find(({ task }) => task === name);

export const endStates = ['SUCCESS', 'FAILURE', 'REVOKED'] as const;
export type EndState = (typeof endStates)[number];
