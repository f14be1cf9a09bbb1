import { container, namespace, node, pod } from './cluster-bounds';
import { oneOf, upTo } from './label-bound';
import { counter, exposedBy, gauge } from './metric';

/** Beside these, devices and huge pages under names of their own. */
const resource = upTo(10, 'cpu', 'memory', 'ephemeral_storage', 'pods');
const unit = oneOf('core', 'byte', 'integer');
const workload = upTo(500);
const trueFalseUnknown = oneOf('true', 'false', 'unknown');

const ofPod = { namespace, pod };
const ofContainer = { namespace, pod, container };

/** What kube-state-metrics says about the objects of the cluster. */
export const kubeStateMetrics = exposedBy('kube-state-metrics', {
  kube_node_info: gauge({ help: 'A node of the cluster.', unit: 'info', origin: 'addition', labels: { node } }),
  kube_node_status_condition: gauge({
    help: 'Whether a condition of a node holds.',
    unit: 'boolean',
    origin: 'addition',
    labels: {
      node,
      condition: upTo(15, 'Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'),
      status: trueFalseUnknown,
    },
  }),
  kube_node_status_allocatable: gauge({
    help: 'What a node offers to pods.',
    unit: 'quantity',
    origin: 'addition',
    labels: { node, resource, unit },
  }),
  kube_node_status_capacity: gauge({
    help: 'What a node has in all.',
    unit: 'quantity',
    origin: 'addition',
    labels: { node, resource, unit },
  }),
  kube_node_spec_unschedulable: gauge({
    help: '1 when a node is cordoned.',
    unit: 'boolean',
    origin: 'addition',
    labels: { node },
  }),
  kube_pod_info: gauge({
    help: 'A pod, the node it runs on and what made it.',
    unit: 'info',
    origin: 'addition',
    labels: {
      ...ofPod,
      node,
      created_by_kind: oneOf('ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'Node'),
      created_by_name: workload,
      host_network: oneOf('true', 'false'),
    },
  }),
  kube_pod_status_phase: gauge({
    help: '1 for the phase that a pod is in.',
    unit: 'boolean',
    origin: 'addition',
    labels: { ...ofPod, phase: oneOf('Pending', 'Running', 'Succeeded', 'Failed', 'Unknown') },
  }),
  kube_pod_status_ready: gauge({
    help: 'Whether a pod is ready to serve.',
    unit: 'boolean',
    origin: 'addition',
    labels: { ...ofPod, condition: trueFalseUnknown },
  }),
  kube_pod_container_status_restarts_total: counter({
    help: 'Restarts of a container.',
    unit: 'events',
    origin: 'addition',
    labels: ofContainer,
  }),
  kube_pod_container_status_waiting_reason: gauge({
    help: '1 for the reason that a container waits.',
    unit: 'boolean',
    origin: 'addition',
    labels: {
      ...ofContainer,
      reason: upTo(
        15,
        'ContainerCreating',
        'CrashLoopBackOff',
        'CreateContainerConfigError',
        'ErrImagePull',
        'ImagePullBackOff',
        'InvalidImageName',
      ),
    },
  }),
  kube_pod_container_status_last_terminated_reason: gauge({
    help: '1 for the reason that a container last ended.',
    unit: 'boolean',
    origin: 'addition',
    labels: {
      ...ofContainer,
      reason: upTo(15, 'OOMKilled', 'Error', 'Completed', 'ContainerCannotRun', 'DeadlineExceeded', 'Evicted'),
    },
  }),
  kube_pod_container_resource_requests: gauge({
    help: 'Resources that a container requests.',
    unit: 'quantity',
    origin: 'addition',
    labels: { ...ofContainer, node, resource, unit },
  }),
  kube_pod_container_resource_limits: gauge({
    help: 'Resources that a container may use.',
    unit: 'quantity',
    origin: 'addition',
    labels: { ...ofContainer, node, resource, unit },
  }),
  kube_deployment_spec_replicas: gauge({
    help: 'Replicas that a Deployment wants.',
    unit: 'replicas',
    origin: 'addition',
    labels: { namespace, deployment: workload },
  }),
  kube_deployment_status_replicas_available: gauge({
    help: 'Replicas of a Deployment that serve.',
    unit: 'replicas',
    origin: 'addition',
    labels: { namespace, deployment: workload },
  }),
  kube_deployment_status_observed_generation: gauge({
    help: 'Generation of the spec that the controller has seen; it rises with every change, scaling included.',
    unit: 'generations',
    origin: 'addition',
    labels: { namespace, deployment: workload },
  }),
  kube_replicaset_created: gauge({
    help: 'When a ReplicaSet was made, in seconds since the Unix epoch: each new template of a Deployment makes one.',
    unit: 'timestamp',
    origin: 'addition',
    // A Deployment keeps its last ten.
    labels: { namespace, replicaset: upTo(5000) },
  }),
  kube_statefulset_replicas: gauge({
    help: 'Replicas that a StatefulSet wants.',
    unit: 'replicas',
    origin: 'addition',
    labels: { namespace, statefulset: workload },
  }),
  kube_statefulset_status_replicas_ready: gauge({
    help: 'Replicas of a StatefulSet that are ready.',
    unit: 'replicas',
    origin: 'addition',
    labels: { namespace, statefulset: workload },
  }),
  kube_daemonset_status_desired_number_scheduled: gauge({
    help: 'Nodes that should run a pod of a DaemonSet.',
    unit: 'pods',
    origin: 'addition',
    labels: { namespace, daemonset: workload },
  }),
  kube_daemonset_status_number_ready: gauge({
    help: 'Nodes where the pod of a DaemonSet is ready.',
    unit: 'pods',
    origin: 'addition',
    labels: { namespace, daemonset: workload },
  }),
  kube_poddisruptionbudget_status_pod_disruptions_allowed: gauge({
    help: 'Pods that may be evicted now.',
    unit: 'pods',
    origin: 'addition',
    labels: { namespace, poddisruptionbudget: workload },
  }),
  kube_poddisruptionbudget_status_expected_pods: gauge({
    help: 'Pods that the budget is about.',
    unit: 'pods',
    origin: 'addition',
    labels: { namespace, poddisruptionbudget: workload },
  }),
  kube_persistentvolumeclaim_status_phase: gauge({
    help: '1 for the phase that a claim is in.',
    unit: 'boolean',
    origin: 'addition',
    labels: { namespace, persistentvolumeclaim: workload, phase: oneOf('Pending', 'Bound', 'Lost') },
  }),
});

/** What the kubelet says about the volumes that it mounts. */
export const kubelet = exposedBy('kubelet', {
  kubelet_volume_stats_available_bytes: gauge({
    help: 'Free bytes of a mounted claim.',
    unit: 'bytes',
    origin: 'addition',
    labels: { namespace, persistentvolumeclaim: workload },
  }),
  kubelet_volume_stats_capacity_bytes: gauge({
    help: 'Size of a mounted claim.',
    unit: 'bytes',
    origin: 'addition',
    labels: { namespace, persistentvolumeclaim: workload },
  }),
  kubelet_volume_stats_inodes_free: gauge({
    help: 'Free inodes of a mounted claim.',
    unit: 'inodes',
    origin: 'addition',
    labels: { namespace, persistentvolumeclaim: workload },
  }),
  kubelet_volume_stats_inodes: gauge({
    help: 'Inodes of a mounted claim.',
    unit: 'inodes',
    origin: 'addition',
    labels: { namespace, persistentvolumeclaim: workload },
  }),
});
