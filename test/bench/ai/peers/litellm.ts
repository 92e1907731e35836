import { writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { findFreePort, isExecutable } from '../../processes.ts'
import { startPeer } from '../../start-peer.ts'
import type { AiPeer } from './peer.ts'

const FOLDER = '.cache/penstock-bench/litellm'
const PROGRAM = join(homedir(), FOLDER, 'bin/litellm')
const MASTER_KEY = 'sk-bench'

const toConfig = (models: readonly string[], providerPort: number) => ({
  model_list: models.map((model, index) => ({
    model_name: `model-${index}`,
    litellm_params: {
      model: `openai/${model}`,
      api_base: `http://127.0.0.1:${providerPort}/v1`,
      api_key: 'any',
    },
  })),
  general_settings: { master_key: MASTER_KEY },
  litellm_settings: { telemetry: false },
})

/** One worker, as the others. */
export const litellm: AiPeer = {
  name: 'litellm',
  missing: () =>
    isExecutable(PROGRAM)
      ? undefined
      : `python3 -m venv ~/${FOLDER} && ~/${FOLDER}/bin/pip install 'litellm[proxy]==1.106.2'`,
  async start({ providerPort, models, folder }) {
    const port = await findFreePort()
    const file = join(folder, 'config.yaml')
    await writeFile(file, stringify(toConfig(models, providerPort)))
    const options = ['--config', file, '--port', String(port), '--num_workers', '1']
    const peer = await startPeer([PROGRAM, ...options], {
      port,
      ready: { path: '/health/liveliness', status: 200 },
      env: { LITELLM_MODE: 'PRODUCTION', LITELLM_LOG: 'ERROR' },
    })
    return {
      ...peer,
      headers: { authorization: `Bearer ${MASTER_KEY}` },
      toModel: (model) => `model-${models.indexOf(model)}`,
    }
  },
}
