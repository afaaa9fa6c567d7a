import type { Kubernetes } from '@moola/testbed/kubernetes/kubernetes';

/** Everything in a namespace but what Kubernetes puts there by itself, as `kind/name`. */
export async function objectsIn(cluster: Kubernetes, namespace: string): Promise<string[]> {
  const kinds = (await cluster.kubectl(['api-resources', '--namespaced', '--verbs=list', '--output=name'])).trim();
  const listed = kinds.split('\n').filter((kind) => !/^events(\.|$)|^bindings$/.test(kind));
  const names = await cluster.kubectl(['get', listed.join(','), '--namespace', namespace, '--output=name']);
  const own = /^(configmap\/kube-root-ca\.crt|serviceaccount\/default)$/;
  return names.split('\n').filter((name) => name !== '' && !own.test(name));
}
