import { Agent, request } from 'undici'
import { type LoadedConfig, loadedConfig } from '#config/compiled/events.ts'
import type { Replica } from './replica-table.ts'

const TIMEOUT_MS = 10_000
/** Enough for a million objects. */
const MAX_BYTES = 256 << 20
const dispatcher = new Agent({ maxResponseSize: MAX_BYTES })

/**
 * Asks a replica's admin listener for all that it serves.
 * @throws Error when it does not answer, or another replica does: addresses are used again.
 */
export const fetchConfig = async (
  replica: Replica,
  token: string,
  signal: AbortSignal,
): Promise<LoadedConfig> => {
  const { statusCode, body } = await request(`${replica.url}/config`, {
    dispatcher,
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  })
  if (statusCode !== 200) {
    await body.dump()
    throw new Error(`replica answered ${statusCode}`)
  }
  const config = loadedConfig.parse(await body.json())
  if (config.replica !== replica.name) throw new Error(`replica ${config.replica} answered`)
  return config
}
