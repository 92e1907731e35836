import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'

// Runs as root in the node's PID namespace: a real SIGKILL for one container, on any cluster.

const { PORT = '8080' } = process.env
const SIGNALS = ['SIGKILL', 'SIGSTOP'] as const
const PAGE_BYTES = 4096

const read = (pid: string, file: string): Promise<string> =>
  readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '') // it ended meanwhile

/** By its cgroup and by the /etc/hosts that the kubelet mounted: neither alone would be safe. */
const isOfPod = async (pid: string, uid: string): Promise<boolean> => {
  const cgroup = await read(pid, 'cgroup')
  if (!(cgroup.includes(uid) || cgroup.includes(uid.replaceAll('-', '_')))) return false
  const mounts = (await read(pid, 'mountinfo')).split('\n').map((line) => line.split(' '))
  return mounts.some(
    ([, , , root = '', point]) => point === '/etc/hosts' && root.endsWith(`/pods/${uid}/etc-hosts`),
  )
}

/** The one process of a pod with one container. @throws Error when there is not exactly one. */
const findProcess = async (uid: string): Promise<string> => {
  if (!/^[0-9a-f-]{36}$/.test(uid)) throw new Error('not a uid')
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(pids.map(async (pid) => ((await isOfPod(pid, uid)) ? [pid] : [])))
  const [pid, ...more] = found.flat()
  if (pid === undefined || more.length > 0) throw new Error(`${found.flat().length} processes`)
  return pid
}

const residentBytes = async (pid: string): Promise<number> =>
  Number((await read(pid, 'statm')).split(' ')[1]) * PAGE_BYTES

/** `POST /<signal>?pod=<uid>` signals, `GET /memory?pod=<uid>` answers the resident bytes. */
createServer(async (request, response) => {
  const url = new URL(request.url ?? '/', 'http://agent')
  try {
    const pid = await findProcess(url.searchParams.get('pod') ?? '')
    const signal = SIGNALS.find((name) => url.pathname === `/${name}`)
    if (signal !== undefined) process.kill(Number(pid), signal)
    response.end(signal === undefined ? String(await residentBytes(pid)) : '')
  } catch (error) {
    response.writeHead(409).end(String(error))
  }
}).listen(Number(PORT))
process.once('SIGTERM', () => process.exit(0))
