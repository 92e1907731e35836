import { hostname } from 'node:os'
import { z } from 'zod'
import { createHttpSink } from '#lib/http-sink.ts'
import { createKubeClient } from '#lib/kube/client.ts'
import { loadCluster } from '#lib/kube/kubeconfig.ts'
import { createLog } from '#lib/telemetry/log.ts'
import { startGateway } from './app.ts'
import { createAddressCheck } from './denied-addresses.ts'
import { createTelemetry } from './telemetry/telemetry.ts'

const port = z.coerce.number().int().min(0).max(65_535)
const env = z
  .object({
    PORT: port.default(8080),
    TLS_PORT: port.default(8443),
    ADMIN_PORT: port.default(8081),
    K_SINK: z.url(),
    PENSTOCK_VERSION: z.string().default('dev'),
    POD_NAME: z.string().default(hostname()),
    PENSTOCK_NAMESPACE: z.string().min(1).default('penstock-system'),
    KUBECONFIG: z.string().optional(),
    LOG_LEVEL: z.string().default('info'),
    MAX_BODY_BYTES: z.coerce.number().int().min(0).default(104_857_600),
    TRUST_FORWARDED: z.stringbool().default(false),
    ALLOWED_BACKENDS: z.string().default(''),
    REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
    OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
    OTEL_SERVICE_NAME: z.string().default('penstock-gateway'),
    OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
    DRAIN_DELAY_MS: z.coerce.number().int().min(0).default(5000),
    DRAIN_GRACE_MS: z.coerce.number().int().min(0).default(30_000),
  })
  .parse(process.env)

const log = createLog('gateway', env.LOG_LEVEL)
const telemetry = await createTelemetry({
  endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
  headers: {},
  sampleRatio: env.OTEL_TRACES_SAMPLER_ARG,
  serviceName: env.OTEL_SERVICE_NAME,
  serviceVersion: env.PENSTOCK_VERSION,
  instanceId: env.POD_NAME,
  log,
})
const gateway = await startGateway({
  client: createKubeClient(loadCluster(env.KUBECONFIG)),
  namespace: env.PENSTOCK_NAMESPACE,
  replica: env.POD_NAME,
  publish: createHttpSink({ url: env.K_SINK }).send,
  settings: {
    host: '::',
    port: env.PORT,
    tlsPort: env.TLS_PORT,
    adminPort: env.ADMIN_PORT,
    maxBodyBytes: env.MAX_BODY_BYTES,
    trustForwarded: env.TRUST_FORWARDED,
    redisUrl: env.REDIS_URL,
    isAddressAllowed: createAddressCheck(env.ALLOWED_BACKENDS),
  },
  telemetry,
  log,
})

process.once('SIGTERM', () => {
  log.info('draining')
  void gateway.drain(env.DRAIN_DELAY_MS, env.DRAIN_GRACE_MS).then(() => process.exit(0))
})
