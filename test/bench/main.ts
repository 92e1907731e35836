import { PROXY_HELP, runProxyBench } from './proxy/command.ts'

const HELP = `${PROXY_HELP}`

const [command, ...args] = process.argv.slice(2)
if (command === undefined || args.includes('--help') || command === '--help') console.log(HELP)
else if (command === 'proxy') await runProxyBench(args)
else {
  console.error(`unknown benchmark: ${command}\n\n${HELP}`)
  process.exitCode = 1
}
