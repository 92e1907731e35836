import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

export const root = new URL('../..', import.meta.url).pathname

export interface RunOptions {
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
}

/** Runs a command in the root of the repository. @throws Error with what it said. */
export const run = (command: string, args: readonly string[], options: RunOptions = {}) =>
  new Promise<string>((resolve, reject) => {
    const child = execFile(
      command,
      args,
      { cwd: root, maxBuffer: 256 << 20, env: { ...process.env, ...options.env } },
      (error, stdout, stderr) => {
        if (!error) return resolve(stdout)
        const said = `${stdout.slice(-2000)}${stderr.slice(-4000)}`
        reject(new Error(`${command} ${args.join(' ')}\n${said}`, { cause: error }))
      },
    )
    child.stdin?.end(options.input ?? '')
  })

/** Runs kubectl on the cluster of the environment's KUBECONFIG. @returns what it printed. */
export const kubectl = (...args: string[]): Promise<string> => run('kubectl', args)

/** `kubectl get -o json`. */
export const get = async <T>(...args: string[]): Promise<T> =>
  JSON.parse(await kubectl('get', '-o', 'json', ...args)) as T

/** `kubectl apply` of objects as they are. */
export const apply = (...objects: object[]): Promise<string> =>
  run('kubectl', ['apply', '-f', '-'], {
    input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
  })

/** What an event did not bring, the resync of the next minute does; and it takes a moment. */
export const RESYNC_MS = 90_000

/** Asks until the answer is not undefined or false. @throws Error after `timeoutMs`. */
export const until = async <T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  timeoutMs = RESYNC_MS,
): Promise<T> => {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`)
    await sleep(100)
  }
}
