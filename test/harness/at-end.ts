type Task = () => void | Promise<void>;

const tasks: Task[] = [];

/** Has a task run when the test file is done, or the script: the last one registered goes first. */
export const atEnd = (task: Task): void => void tasks.push(task);

const runTasks = async (): Promise<void> => {
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) await task();
};

// Inside Jest, `process` is a copy that never emits 'exit'.
if (typeof afterAll === 'function') afterAll(runTasks, 60_000);
else process.once('beforeExit', () => void runTasks());
