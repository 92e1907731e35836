import { readFileSync } from 'node:fs'
import { Registry } from '@prometheus-io/client'
import { z } from 'zod'
import { createKubeClient, type KubeClient } from '#lib/kube/client.ts'
import { loadCluster } from '#lib/kube/kubeconfig.ts'
import { createLog, type Log } from '#lib/telemetry/log.ts'

/** What every function's `createApp` is given. */
export interface FunctionDeps {
  readonly client: KubeClient
  /** Bearer token that says who this function is to a gateway replica. */
  token(): string
  readonly log: Log
  readonly registry: Registry
  /** Namespace of the gateway, where the fragments are. */
  readonly namespace: string
}

const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  KUBECONFIG: z.string().optional(),
  PENSTOCK_NAMESPACE: z.string().min(1).default('penstock-system'),
  /** A token that is good for the gateway only; without it, the one for the API server is shown. */
  GATEWAY_TOKEN_FILE: z.string().optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
})

/** Dependencies of a function from its environment. @throws ZodError that names the variable. */
export const readDeps = (
  name: string,
  env: Record<string, string | undefined>,
): FunctionDeps & { port: number } => {
  const settings = environment.parse(env)
  const cluster = loadCluster(settings.KUBECONFIG)
  const tokenFile = settings.GATEWAY_TOKEN_FILE
  return {
    client: createKubeClient(cluster),
    token: tokenFile ? () => readFileSync(tokenFile, 'utf8').trim() : (cluster.token ?? (() => '')),
    log: createLog(name, settings.LOG_LEVEL),
    registry: new Registry(),
    namespace: settings.PENSTOCK_NAMESPACE,
    port: settings.PORT,
  }
}
