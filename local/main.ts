import { HELP, type LocalSettings, parseSettings } from './settings.ts'

const readSettings = (): LocalSettings => {
  try {
    return parseSettings(process.argv.slice(2))
  } catch (error) {
    console.error(`${(error as Error).message}\nTry npm start -- --help`)
    process.exit(2)
  }
}

const settings = readSettings()
if (settings.help) {
  console.log(HELP)
  process.exit(0)
}

const startedAt = performance.now()
// The data folder holds Secrets, the token and a private key.
process.umask(0o077)
// Not before: whoever asks for help need not wait for all of Penstock to load.
const { createLog } = await import('#lib/telemetry/log.ts')
const { startPenstock } = await import('./penstock.ts')
const log = createLog('penstock', settings['log-level'])
const penstock = await startPenstock(settings, log, (line) => console.log(line)).catch(
  (error: Error) => {
    console.error(`cannot start: ${error.message}`)
    process.exit(1)
  },
)
const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
const { gateway } = penstock.chain
const chat = penstock.apiKey
  ? `  curl http://127.0.0.1:${gateway.port}/v1/chat/completions -H 'Authorization: Bearer ${penstock.apiKey}' \\
    -d '{"model": "mock", "messages": [{"role": "user", "content": "Hello"}]}'
`
  : ''
console.log(`Penstock is ready after ${seconds} s: http://127.0.0.1:${gateway.port}
API server ${penstock.apiUrl}, admin http://127.0.0.1:${gateway.adminPort}

Try:
  curl http://127.0.0.1:${gateway.port}/echo
${chat}  export KUBECONFIG=${penstock.kubeconfig}
  kubectl get apiroutes,aimodelconfigs
  kubectl edit apiroute echo          # live when you save it
Without kubectl: npm start -- --watch DIR applies a folder of YAML on save.`)

const stop = (): void => {
  void penstock.stop().then(() => process.exit(0))
}
process.once('SIGINT', stop)
process.once('SIGTERM', stop)
