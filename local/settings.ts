import { parseArgs } from 'node:util'
import { z } from 'zod'

export const HELP = `Penstock in local mode: API server, source, broker, functions and gateway in one process.

Usage: npm start -- [options]

  --port N          gateway: HTTP/1.1 and h2c             (8080)
  --tls-port N      gateway: TLS, certificates from Secrets of type kubernetes.io/tls
                    in the namespace penstock-system      (off)
  --admin-port N    gateway's admin listener              (8081)
  --api-port N      API server                            (8082)
  --echo-port N     built-in echo backend                 (8083)
  --provider-port N built-in mock of a model provider     (8084)
  --data DIR        database and kubeconfig               (.penstock)
  --watch DIR       apply a folder of YAML, and again on save
  --no-sample       without the sample route GET /echo and the sample model
  --log-level L     trace, debug, info, warn, error       (warn)
  --help            this text

Everything listens on 127.0.0.1 only. State survives a restart; delete the data
folder to begin anew. For laptops, tests and small single hosts.
`

const port = z.coerce.number().int().min(0).max(65_535)

const settings = z.object({
  port: port.default(8080),
  'tls-port': port.optional(),
  'admin-port': port.default(8081),
  'api-port': port.default(8082),
  'echo-port': port.default(8083),
  'provider-port': port.default(8084),
  data: z.string().min(1).default('.penstock'),
  watch: z.string().min(1).optional(),
  'no-sample': z.boolean().default(false),
  'log-level': z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('warn'),
  help: z.boolean().default(false),
})

export type LocalSettings = z.infer<typeof settings>

const string = { type: 'string' } as const
const boolean = { type: 'boolean' } as const

/** Reads the command line. @throws Error that names the option. */
export const parseSettings = (args: readonly string[]): LocalSettings => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: string,
      'tls-port': string,
      'admin-port': string,
      'api-port': string,
      'echo-port': string,
      'provider-port': string,
      data: string,
      watch: string,
      'no-sample': boolean,
      'log-level': string,
      help: boolean,
    },
  })
  const parsed = settings.safeParse(values)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new Error(`--${issue?.path.join('.')}: ${issue?.message}`, { cause: parsed.error })
}
