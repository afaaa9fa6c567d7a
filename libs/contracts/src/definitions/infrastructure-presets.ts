import type { SampleField } from './infrastructure.js';

/** Queries for exporters that many have: written once, tried on a Prometheus. */
export interface InfrastructurePreset {
  /** The label that names the instance, where the definition does not say. */
  readonly instanceLabel: string;
  /** @param matchers label matchers to begin with, each followed by a comma; may be empty. */
  readonly queries: (matchers: string, by: string) => Readonly<Partial<Record<SampleField, string>>>;
}

/** Disks that are no disks of the machine. */
const disks = 'fstype!~"tmpfs|ramfs|overlay|squashfs|iso9660|nsfs"';
/** Network interfaces whose traffic another one counts as well, or that lead nowhere. */
const cards = 'device!~"lo|veth.*|docker.*|br-.*|cni.*|cali.*|flannel.*|virbr.*"';

/** Machines, by node_exporter. */
const nodeExporter: InfrastructurePreset = {
  instanceLabel: 'instance',
  queries: (m, by) => ({
    // Of all modes, not 1 − idle: the rates of a machine that has just come are too small, all alike.
    cpuRatio:
      `sum by (${by}) (rate(node_cpu_seconds_total{${m}mode!~"idle|iowait"}[2m]))` +
      ` / sum by (${by}) (rate(node_cpu_seconds_total{${m}}[2m]))`,
    memoryBytes: `sum by (${by}) (node_memory_MemTotal_bytes{${m}} - node_memory_MemAvailable_bytes{${m}})`,
    memoryLimitBytes: `sum by (${by}) (node_memory_MemTotal_bytes{${m}})`,
    diskRatio: `max by (${by}) (1 - node_filesystem_avail_bytes{${m}${disks}} / node_filesystem_size_bytes{${m}${disks}})`,
    networkBytesPerSecond:
      `sum by (${by}) (rate(node_network_receive_bytes_total{${m}${cards}}[2m])` +
      ` + rate(node_network_transmit_bytes_total{${m}${cards}}[2m]))`,
  }),
};

/** Pods, by cAdvisor (in every kubelet), kube-state-metrics (their limits) and, where there are GPUs, NVIDIA's DCGM exporter. */
const kubernetes: InfrastructurePreset = {
  instanceLabel: 'pod',
  queries: (m, by) => ({
    cpuRatio:
      `sum by (${by}) (rate(container_cpu_usage_seconds_total{${m}container!=""}[2m]))` +
      ` / sum by (${by}) (kube_pod_container_resource_limits{${m}resource="cpu"})`,
    memoryBytes: `sum by (${by}) (container_memory_working_set_bytes{${m}container!=""})`,
    memoryLimitBytes: `sum by (${by}) (kube_pod_container_resource_limits{${m}resource="memory"})`,
    networkBytesPerSecond:
      `sum by (${by}) (rate(container_network_receive_bytes_total{${m}${by}!=""}[2m]))` +
      ` + sum by (${by}) (rate(container_network_transmit_bytes_total{${m}${by}!=""}[2m]))`,
    gpuRatio: `avg by (${by}) (DCGM_FI_DEV_GPU_UTIL{${m}${by}!=""}) / 100`,
    gpuMemoryRatio: `max by (${by}) (DCGM_FI_DEV_FB_USED{${m}${by}!=""} / (DCGM_FI_DEV_FB_USED{${m}${by}!=""} + DCGM_FI_DEV_FB_FREE{${m}${by}!=""}))`,
  }),
};

/** Machines with GPUs, by NVIDIA's DCGM exporter. */
const dcgm: InfrastructurePreset = {
  instanceLabel: 'Hostname',
  queries: (m, by) => ({
    gpuRatio: `avg by (${by}) (DCGM_FI_DEV_GPU_UTIL{${m}}) / 100`,
    gpuMemoryRatio: `max by (${by}) (DCGM_FI_DEV_FB_USED{${m}} / (DCGM_FI_DEV_FB_USED{${m}} + DCGM_FI_DEV_FB_FREE{${m}}))`,
  }),
};

export const presets = { 'node-exporter': nodeExporter, kubernetes, dcgm } as const;

export const presetNames = ['node-exporter', 'kubernetes', 'dcgm'] as const satisfies readonly (keyof typeof presets)[];
