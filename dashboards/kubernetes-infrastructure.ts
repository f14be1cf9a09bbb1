import { bars, row, stat, states, table, timeSeries, type Dashboard } from '../lib/config/dashboards/panel';
import {
  clusterCpu,
  clusterCpuRequested,
  clusterMemory,
  clusterMemoryRequested,
  clusterPodSlots,
} from '../lib/signals/cluster';
import {
  containerReads,
  containerWrites,
  cpuByNamespace,
  memoryByNamespace,
  memoryOfLimit,
  throttling,
} from '../lib/signals/containers';
import { diskBusy, diskReads, diskWrites } from '../lib/signals/disks';
import { fileSystemInodes, fileSystemSpace, fileSystemUse, readOnly } from '../lib/signals/file-systems';
import { networkErrors, nodeReceived, nodeSent, podsReceived, podsSent } from '../lib/signals/network';
import {
  clockOffset,
  clocksInStep,
  loadPerCore,
  nodeCapacity,
  nodeCpu,
  nodeMemory,
  nodePressure,
  nodesNotReady,
  nodeStates,
} from '../lib/signals/nodes';
import {
  lastEnds,
  mostRestarts,
  podsByNamespace,
  podsByNode,
  podsByPhase,
  podsNotReady,
  podsNotReadyByNamespace,
  restartedContainers,
  waitingContainers,
} from '../lib/signals/pods';
import { claimsByPhase, volumeInodes, volumeSizes, volumeSpace } from '../lib/signals/volumes';
import {
  daemonSetReplicas,
  deploymentReplicas,
  disruptionBudgets,
  replicasMissing,
  replicasMissingByNamespace,
  statefulSetReplicas,
} from '../lib/signals/workloads';
import { namespace, node } from './variables';

export const kubernetesInfrastructure: Dashboard = {
  uid: 'kubernetes-infrastructure',
  description:
    'Whether the cluster carries what runs on it: pods and workloads of the chosen namespaces, nodes, networks and disks of the chosen nodes.',
  variables: [namespace, node],
  rows: [
    row('Cluster', [
      stat(nodesNotReady),
      stat(podsNotReady),
      stat(replicasMissing),
      stat(clusterCpuRequested),
      stat(clusterMemoryRequested),
      stat(clusterPodSlots),
      timeSeries(clusterCpu, { width: 12 }),
      timeSeries(clusterMemory, { width: 12 }),
    ]),
    row('Pods', [
      timeSeries(podsByPhase, { stacked: true }),
      timeSeries(podsNotReadyByNamespace, { to: ['logs'] }),
      timeSeries(mostRestarts, { to: ['logs'] }),
      table(waitingContainers, { width: 24, height: 6, to: ['logs'] }),
      table(restartedContainers, { width: 24, height: 6, highest: 'Restarts', to: ['logs'] }),
      timeSeries(lastEnds, { stacked: true, to: ['logs'] }),
      bars(podsByNode),
      bars(podsByNamespace),
    ]),
    row('Workloads', [
      timeSeries(replicasMissingByNamespace, { width: 12, to: ['logs'] }),
      table(disruptionBudgets),
      table(deploymentReplicas, { width: 10 }),
      table(statefulSetReplicas, { width: 7 }),
      table(daemonSetReplicas, { width: 7 }),
    ]),
    row('Containers', [
      timeSeries(cpuByNamespace, { width: 12, stacked: true, to: ['application-overview'] }),
      timeSeries(memoryByNamespace, { width: 12, stacked: true, to: ['application-overview'] }),
      timeSeries(memoryOfLimit, { width: 12, to: ['application-overview', 'logs'] }),
      timeSeries(throttling, { width: 12, to: ['application-overview'] }),
    ]),
    row('Nodes', [
      states(nodeStates),
      states(nodePressure),
      timeSeries(nodeCpu),
      timeSeries(nodeMemory),
      timeSeries(loadPerCore),
      table(nodeCapacity, { width: 24 }),
      timeSeries(clockOffset, { width: 12 }),
      states(clocksInStep),
    ]),
    row('Network', [
      timeSeries(nodeReceived),
      timeSeries(nodeSent),
      timeSeries(networkErrors),
      timeSeries(podsReceived, { width: 12, stacked: true }),
      timeSeries(podsSent, { width: 12, stacked: true }),
    ]),
    row('Disk input and output', [
      timeSeries(diskBusy),
      timeSeries(diskReads),
      timeSeries(diskWrites),
      timeSeries(containerReads, { width: 12, stacked: true }),
      timeSeries(containerWrites, { width: 12, stacked: true }),
    ]),
    row('Storage', [
      timeSeries(fileSystemSpace),
      timeSeries(fileSystemUse),
      timeSeries(fileSystemInodes),
      states(readOnly),
      timeSeries(claimsByPhase, { width: 12, stacked: true }),
      timeSeries(volumeSpace, { to: ['observability-stack'] }),
      timeSeries(volumeInodes),
      table(volumeSizes, { width: 8 }),
    ]),
  ],
};
