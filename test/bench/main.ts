import { AI_HELP, runAiBench } from './ai/command.ts'
import { EDIT_TO_LIVE_HELP, runEditToLiveBench } from './edit-to-live/command.ts'
import { PROXY_HELP, runProxyBench } from './proxy/command.ts'

const benches = new Map([
  ['proxy', { help: PROXY_HELP, run: runProxyBench }],
  ['ai', { help: AI_HELP, run: runAiBench }],
  ['edit-to-live', { help: EDIT_TO_LIVE_HELP, run: runEditToLiveBench }],
])

const [name = '', ...args] = process.argv.slice(2)
const bench = benches.get(name)
const help = bench?.help ?? [...benches.values()].map((each) => each.help).join('\n')
if (name === '--help' || args.includes('--help')) console.log(help)
else if (bench) await bench.run(args)
else {
  console.error(help)
  process.exitCode = 1
}
