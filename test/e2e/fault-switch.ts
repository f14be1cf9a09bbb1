import type { FaultName } from '../../apps/simulator/faults';
import type { ComponentPod } from './cluster';

export const switchFault = async (
  { host }: ComponentPod,
  method: 'PUT' | 'DELETE',
  fault: FaultName,
  body?: object,
): Promise<void> => {
  const response = await fetch(`http://${host}/faults/${fault}`, {
    method,
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${fault}: ${response.status} ${await response.text()}`);
};

/** Does the work while the fault is on. */
export const during = async <V>(
  pod: ComponentPod,
  fault: FaultName,
  body: object,
  work: () => Promise<V>,
): Promise<V> => {
  await switchFault(pod, 'PUT', fault, body);
  try {
    return await work();
  } finally {
    await switchFault(pod, 'DELETE', fault);
  }
};
