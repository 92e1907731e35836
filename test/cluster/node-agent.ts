import { request } from 'undici'
import type { Component } from '../../build.ts'
import { apply, get, kubectl } from './kubectl.ts'
import { TEST_NAMESPACE } from './names.ts'

/** Signals and measures containers of the node it runs on; one-node clusters only. */
export const NODE_AGENT: Component = {
  name: 'node-agent',
  entry: 'test/cluster/node-agent/main.ts',
}

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: NODE_AGENT.name, namespace: TEST_NAMESPACE },
  spec: {
    hostPID: true,
    terminationGracePeriodSeconds: 1,
    containers: [
      {
        name: 'agent',
        image: `penstock/${NODE_AGENT.name}:dev`,
        imagePullPolicy: 'IfNotPresent',
        securityContext: { privileged: true, runAsUser: 0 },
        readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
      },
    ],
  },
}

export interface NodeAgent {
  /** Sends a signal to the process of a pod that has one container. */
  signal(uid: string, name: 'SIGKILL' | 'SIGSTOP'): Promise<void>
  residentBytes(uid: string): Promise<number>
  stop(): Promise<unknown>
}

/** Starts the agent and waits for it. */
export const startNodeAgent = async (): Promise<NodeAgent> => {
  const name = `pod/${NODE_AGENT.name}`
  await kubectl('-n', TEST_NAMESPACE, 'delete', '--ignore-not-found', '--wait', name)
  await apply(pod)
  await kubectl('-n', TEST_NAMESPACE, 'wait', '--for=condition=Ready', name, '--timeout=60s')
  const { status } = await get<{ status: { podIP: string } }>('-n', TEST_NAMESPACE, name)

  const ask = async (method: 'GET' | 'POST', path: string, uid: string): Promise<string> => {
    const { statusCode, body } = await request(`http://${status.podIP}:8080/${path}?pod=${uid}`, {
      method,
    })
    const text = await body.text()
    if (statusCode !== 200) throw new Error(`${path} of pod ${uid}: ${text}`)
    return text
  }

  return {
    signal: async (uid, signal) => void (await ask('POST', signal, uid)),
    residentBytes: async (uid) => Number(await ask('GET', 'memory', uid)),
    stop: () => kubectl('-n', TEST_NAMESPACE, 'delete', '--ignore-not-found', name),
  }
}
