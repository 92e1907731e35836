import { readDeps } from '../runtime/deps.ts'
import { serveFunction } from '../runtime/serve.ts'
import { createApp } from './app.ts'
import { followEndpoints } from './endpoints.ts'

const { port, ...deps } = readDeps('status-update', process.env)
const followReplicas = followEndpoints(
  deps,
  process.env.GATEWAY_SERVICE ?? 'penstock-gateway-admin',
)
serveFunction(createApp({ ...deps, followReplicas }), port, deps.log)
