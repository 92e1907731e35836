import type { Pod } from './deploy.ts'
import { get, kubectl, until } from './kubectl.ts'
import { NAMESPACE } from './names.ts'

/** A part of the chain that can be killed: the pods of one Deployment. */
export interface Victim {
  readonly namespace: string
  /** Label selector of its pods. */
  readonly selector: string
}

const EVENTING = 'knative-eventing'
const own = (name: string): Victim => ({
  namespace: NAMESPACE,
  selector: `app.kubernetes.io/name=${name}`,
})

/** What the API server's changes come through, by the part's name. */
export const VICTIMS = {
  source:
    process.env.PENSTOCK_SOURCE === 'cr-source'
      ? own('cr-source')
      : {
          namespace: NAMESPACE,
          selector: 'eventing.knative.dev/source=apiserver-source-controller',
        },
  'broker ingress': { namespace: EVENTING, selector: 'eventing.knative.dev/brokerRole=ingress' },
  'broker filter': { namespace: EVENTING, selector: 'eventing.knative.dev/brokerRole=filter' },
  'in-memory channel': {
    namespace: EVENTING,
    selector:
      'messaging.knative.dev/channel=in-memory-channel,messaging.knative.dev/role=dispatcher',
  },
  'route-compile': own('route-compile'),
  'model-compile': own('model-compile'),
  'prompt-render': own('prompt-render'),
  'status-update': own('status-update'),
  'gateway replica': own('gateway'),
} as const satisfies Record<string, Victim>

type RunningPod = Pod & {
  readonly status: { readonly containerStatuses?: readonly { readonly restartCount: number }[] }
}

const listPods = async ({ namespace, selector }: Victim): Promise<RunningPod[]> => {
  const { items } = await get<{ items: RunningPod[] }>('-n', namespace, 'pods', '-l', selector)
  return items.filter(({ metadata }) => !metadata.deletionTimestamp)
}

const isReady = ({ status }: Pod): boolean =>
  status.containerStatuses?.every(({ ready }) => ready) ?? false

/** One of its pods, and how often that has been restarted. */
export const pickPod = async (victim: Victim) => {
  const pod = (await listPods(victim)).find(isReady)
  if (!pod) throw new Error(`no pod ready: ${victim.selector}`)
  const { uid, name } = pod.metadata
  return { uid, name, restarts: pod.status.containerStatuses?.[0]?.restartCount ?? 0 }
}

/** Waits until the pod's container runs again, and is ready. */
export const untilRestarted = (
  victim: Victim,
  { uid, restarts }: Awaited<ReturnType<typeof pickPod>>,
) =>
  until(
    `${victim.selector} runs again`,
    async () => {
      const pod = (await listPods(victim)).find(({ metadata }) => metadata.uid === uid)
      return (
        pod && isReady(pod) && (pod.status.containerStatuses?.[0]?.restartCount ?? 0) > restarts
      )
    },
    120_000,
  )

/** Replaces its pods: the kubelet is slow to restart a container that has died lately. */
export const renew = async (victim: Victim): Promise<void> => {
  const { namespace, selector } = victim
  const count = (await listPods(victim)).length
  await kubectl('-n', namespace, 'delete', 'pod', '-l', selector, '--wait')
  await until(
    `${selector} is ready`,
    async () => (await listPods(victim)).filter(isReady).length >= Math.max(1, count),
    120_000,
  )
}
