import { program } from '../../tools/programs';
import { freePorts } from '../harness/free-ports';
import { startProcess } from '../harness/process';

/** A port of a pod, reached through the API server. */
export interface Forward {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** `kubectl port-forward` to a port, from whatever local port is free; once it answers, with 200 where a path is given. */
export const forward = async (namespace: string, address: string, port: number, path?: string): Promise<Forward> => {
  const [local] = await freePorts(1);
  const url = `http://127.0.0.1:${local}`;
  const ready = path === undefined ? () => fetch(url) : `${url}${path}`;
  const { stop } = await startProcess(
    await program('kubectl'),
    ['port-forward', address, '-n', namespace, `${local}:${port}`],
    { ready },
  );
  return { url, stop };
};
