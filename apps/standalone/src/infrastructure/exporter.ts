import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Seconds of CPU, bytes and so on of a machine, two pods and a GPU, as their exporters expose them; counters go on with the time. */
function exposition(seconds: number): string {
  const counters: Readonly<Record<string, number>> = {
    // Two cores, one of them half busy, the other idle: 25 % of the machine.
    'node_cpu_seconds_total{cpu="0",mode="idle"}': 0.5,
    'node_cpu_seconds_total{cpu="0",mode="user"}': 0.5,
    'node_cpu_seconds_total{cpu="1",mode="idle"}': 1,
    'node_cpu_seconds_total{cpu="1",mode="user"}': 0,
    'node_network_receive_bytes_total{device="eth0"}': 1000,
    'node_network_transmit_bytes_total{device="eth0"}': 500,
    'node_network_receive_bytes_total{device="lo"}': 1e6,
    'node_network_transmit_bytes_total{device="lo"}': 1e6,
    // cAdvisor counts a pod as a whole beside its containers.
    'container_cpu_usage_seconds_total{namespace="ml",pod="churn-1",container="server"}': 0.75,
    'container_cpu_usage_seconds_total{namespace="ml",pod="churn-1",container="proxy"}': 0.25,
    'container_cpu_usage_seconds_total{namespace="ml",pod="churn-1",container=""}': 1,
    'container_cpu_usage_seconds_total{namespace="ml",pod="other-1",container="server"}': 1,
    'container_network_receive_bytes_total{namespace="ml",pod="churn-1",interface="eth0"}': 300,
    'container_network_transmit_bytes_total{namespace="ml",pod="churn-1",interface="eth0"}': 100,
  };
  const gauges: Readonly<Record<string, number>> = {
    node_memory_MemTotal_bytes: 8e9,
    node_memory_MemAvailable_bytes: 2e9,
    'node_filesystem_size_bytes{mountpoint="/",fstype="ext4"}': 1e12,
    'node_filesystem_avail_bytes{mountpoint="/",fstype="ext4"}': 0.05e12,
    'node_filesystem_size_bytes{mountpoint="/run",fstype="tmpfs"}': 1e9,
    'node_filesystem_avail_bytes{mountpoint="/run",fstype="tmpfs"}': 0,
    'kube_pod_container_resource_limits{namespace="ml",pod="churn-1",container="server",resource="cpu",unit="core"}': 1.5,
    'kube_pod_container_resource_limits{namespace="ml",pod="churn-1",container="proxy",resource="cpu",unit="core"}': 0.5,
    'kube_pod_container_resource_limits{namespace="ml",pod="churn-1",container="server",resource="memory",unit="byte"}': 4e9,
    'kube_pod_container_resource_limits{namespace="ml",pod="other-1",container="server",resource="memory",unit="byte"}': 4e9,
    'container_memory_working_set_bytes{namespace="ml",pod="churn-1",container="server"}': 1e9,
    'container_memory_working_set_bytes{namespace="ml",pod="churn-1",container="proxy"}': 0.5e9,
    'container_memory_working_set_bytes{namespace="ml",pod="churn-1",container=""}': 1.6e9,
    'DCGM_FI_DEV_GPU_UTIL{gpu="0",Hostname="gpu-1",namespace="ml",pod="churn-1"}': 80,
    'DCGM_FI_DEV_GPU_UTIL{gpu="1",Hostname="gpu-1"}': 20,
    'DCGM_FI_DEV_FB_USED{gpu="0",Hostname="gpu-1",namespace="ml",pod="churn-1"}': 30_000,
    'DCGM_FI_DEV_FB_FREE{gpu="0",Hostname="gpu-1",namespace="ml",pod="churn-1"}': 10_000,
    'DCGM_FI_DEV_FB_USED{gpu="1",Hostname="gpu-1"}': 10_000,
    'DCGM_FI_DEV_FB_FREE{gpu="1",Hostname="gpu-1"}': 30_000,
  };
  const lines = Object.entries(counters).map(([series, rate]) => `${series} ${rate * seconds}`);
  return [...lines, ...Object.entries(gauges).map(([series, value]) => `${series} ${value}`), ''].join('\n');
}

/** Exporters in one, for a Prometheus to scrape. */
export class Exporter {
  private constructor(private readonly server: Server) {}

  static async start(): Promise<Exporter> {
    const begunMs = Date.now();
    const server = createServer((_, response) => {
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      response.end(exposition(1000 + (Date.now() - begunMs) / 1000));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Exporter(server);
  }

  /** `127.0.0.1:41234` */
  get target(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
