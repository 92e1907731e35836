import type { AiPeer } from './peer.ts'

/** No gateway at all: what the provider and the load generator can do. */
export const direct: AiPeer = {
  name: 'direct',
  missing: () => undefined,
  start: async ({ providerPort }) => ({
    port: providerPort,
    pid: undefined,
    headers: { authorization: 'Bearer any' },
    toModel: (model) => model,
    stop: async () => undefined,
  }),
}
