import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { delimiter, join } from 'node:path'

/** A program that was started. */
export interface Program {
  readonly pid: number
  /** Ends with an error of its own when the process ends before it is stopped. */
  readonly failed: Promise<never>
  stop(): Promise<void>
}

/** The full path of a program, or undefined when it is not on the PATH. */
export const findProgram = (name: string): string | undefined => {
  // Debian keeps daemons where only root looks.
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

export const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const KILL_AFTER_MS = 5000

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS)
  await exited
  clearTimeout(timer)
}

/** Starts a program; what it wrote to stderr last is told when it fails. */
export const startProgram = (
  [file = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Program => {
  const child = spawn(file, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-4000)
  })
  let stopping = false
  const failed = new Promise<never>((_, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      if (!stopping) reject(new Error(`${file} ended (${code ?? signal}): ${stderr}`))
    })
  })
  failed.catch(() => undefined)
  return {
    pid: child.pid ?? 0,
    failed,
    async stop() {
      stopping = true
      await end(child)
    },
  }
}

/** Starts a program on one core. `taskset` becomes the program, so the id is the program's. */
export const startPinned = (
  core: number,
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Program => startProgram(['taskset', '-c', String(core), ...command], env)

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK']).toString())

/** Processor time that a process with all its threads has taken, user and system, in seconds. */
export const readCpuSeconds = (pid: number): number => {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name, in parentheses, may hold spaces; utime and stime are fields 14 and 15.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

/** Resident memory of a process in bytes. */
export const readResidentBytes = (pid: number): number => {
  const [, kilobytes = '0'] =
    /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) * 1024
}

/** A port that nobody listened on a moment ago. */
export const findFreePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
