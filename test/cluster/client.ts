import { apiRoute } from '#config/kinds/api-route.ts'
import { type Condition, toResourceType } from '#config/kinds/common.ts'
import { createKubeClient } from '#lib/kube/client.ts'
import { loadCluster } from '#lib/kube/kubeconfig.ts'
import type { KubeObject } from '#lib/kube/types.ts'

export const apiRoutes = toResourceType(apiRoute)

/** An APIRoute as the API server returns it. */
export interface Route extends KubeObject {
  spec: object
  status?: { observedGeneration?: number; conditions?: Condition[] }
}

/** A client of the cluster of KUBECONFIG: thousands of edits are too many for kubectl. */
export const connect = () => createKubeClient(loadCluster(process.env.KUBECONFIG))

export const findCondition = (route: Route | undefined, type: Condition['type']) =>
  route?.status?.conditions?.find((condition) => condition.type === type)

/** Whether the status speaks of this very generation and says that it is served. */
export const isProgrammed = (route: Route | undefined): boolean => {
  const condition = findCondition(route, 'Programmed')
  return condition?.status === 'True' && condition.observedGeneration === route?.metadata.generation
}
