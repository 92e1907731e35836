import { execFileSync } from 'node:child_process'

/**
 * The suite runs the chain in its own process, against the cluster's API server: one installed in
 * the cluster would write the same statuses. The cluster tests install it again.
 */
export const setup = (): void => {
  if (!process.env.KUBECONFIG) throw new Error('KUBECONFIG is not set')
  const kubectl = (...args: string[]) => execFileSync('kubectl', args, { stdio: 'pipe' })
  kubectl('apply', '-k', 'config/crd')
  try {
    kubectl('-n', 'penstock-system', 'scale', 'deployment', '--all', '--replicas=0')
    kubectl('-n', 'penstock-system', 'wait', '--for=delete', 'pod', '--all', '--timeout=90s')
  } catch (error) {
    // Nothing is installed yet.
    if (!/no objects passed to scale|no matching resources/.test(String(error))) throw error
  }
}
