import { request } from 'undici'
import { type LoadedConfig, loadedConfig } from '#config/compiled/events.ts'
import { type Pod, readyPods } from './deploy.ts'
import { kubectl } from './kubectl.ts'
import { NAMESPACE } from './names.ts'

/** A gateway replica, reached at its pod's address: this machine must have a route to it. */
export interface Replica {
  readonly name: string
  readonly uid: string
  /** Base URLs. */
  readonly traffic: string
  readonly admin: string
}

export const toReplica = ({ metadata, status }: Pod): Replica => ({
  name: metadata.name,
  uid: metadata.uid,
  traffic: `http://${status.podIP}:8080`,
  admin: `http://${status.podIP}:8081`,
})

/** The gateway replicas that are ready. */
export const readyReplicas = async (): Promise<Replica[]> =>
  (await readyPods('gateway')).map(toReplica)

/** A token that may read `/config`. */
export const createToken = async (): Promise<string> =>
  (await kubectl('-n', NAMESPACE, 'create', 'token', 'status-update')).trim()

/** What a replica says that it serves. */
export const readConfig = async (replica: Replica, token: string): Promise<LoadedConfig> => {
  const { statusCode, body } = await request(`${replica.admin}/config`, {
    headers: { authorization: `Bearer ${token}` },
  })
  const text = await body.text()
  if (statusCode !== 200) throw new Error(`${replica.name} answered ${statusCode}: ${text}`)
  return loadedConfig.parse(JSON.parse(text))
}
