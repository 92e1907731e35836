import { startProviderMock } from '#local/provider-mock/provider-mock.ts'

// A process of its own, so that it has a core that is not the gateway's.
const port = Number(process.argv[2])
await startProviderMock({ port })
