import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { findFreePort } from '../../processes.ts'
import { startPeer } from '../../start-peer.ts'
import type { AiPeer } from './peer.ts'

const FOLDER = '.cache/penstock-bench/portkey'
const ENTRY = join(homedir(), FOLDER, 'node_modules/@portkey-ai/gateway/build/start-server.js')

/** With newer versions of these two, its streams end in an error. */
const OVERRIDES = '{"overrides":{"@hono/node-server":"1.3.3","hono":"4.9.7"}}'
const INSTALL = `mkdir -p ~/${FOLDER} && cd ~/${FOLDER} && echo '${OVERRIDES}' > package.json && npm install @portkey-ai/gateway@1.15.2`

export const portkey: AiPeer = {
  name: 'portkey',
  missing: () => (existsSync(ENTRY) ? undefined : INSTALL),
  async start({ providerPort, nodeOptions }) {
    const port = await findFreePort()
    const command = [process.execPath, ...nodeOptions, ENTRY, `--port=${port}`, '--headless']
    const peer = await startPeer(command, { port, ready: { path: '/', status: 200 } })
    return {
      ...peer,
      headers: {
        authorization: 'Bearer any',
        'x-portkey-provider': 'openai',
        'x-portkey-custom-host': `http://127.0.0.1:${providerPort}/v1`,
      },
      toModel: (model) => model,
    }
  },
}
