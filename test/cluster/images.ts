import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { bundle, type Component } from '../../build.ts'
import { kubectl, run } from './kubectl.ts'
import { TEST_NAMESPACE } from './names.ts'

const MARKER = 'loaded-images'

/** Content hashes of the images that this cluster has already. */
const readLoaded = async (): Promise<Record<string, string>> => {
  const data = await kubectl(
    ...['-n', TEST_NAMESPACE, 'get', 'configmap', MARKER, '--ignore-not-found'],
    ...['-o', 'jsonpath={.data}'],
  )
  return data ? JSON.parse(data) : {}
}

/**
 * Loads one image. `PENSTOCK_LOAD_IMAGE` names a command that makes an image of files and loads it:
 * `NAME:TAG ENTRYPOINT_JSON PATH[:DEST] ...`, user in `IMAGE_USER`. Else Docker builds and kind loads.
 */
const load = async (component: Component, folder: string): Promise<void> => {
  const image = `penstock/${component.name}:dev`
  const command = process.env.PENSTOCK_LOAD_IMAGE
  if (command) {
    const entrypoint = JSON.stringify(['/node', '--enable-source-maps', '/app/main.js'])
    const files = [`${process.execPath}:/node`, `${folder}:/app`]
    await run(command, [image, entrypoint, ...files], { env: { IMAGE_USER: '65532' } })
    return
  }
  const from = `COMPONENT=${dirname(component.entry)}`
  await run('docker', ['build', '--build-arg', from, '-t', image, '.'])
  const cluster = process.env.KIND_CLUSTER ?? 'penstock'
  await run('kind', ['load', 'docker-image', image, '--name', cluster])
}

/**
 * Bundles components and loads what the cluster does not have.
 * @returns the content hash of each, by name: pods that carry it restart when it changes.
 */
export const loadImages = async (
  components: readonly Component[],
): Promise<Record<string, string>> => {
  const loaded = await readLoaded()
  const hashes: Record<string, string> = {}
  for (const component of components) {
    const folder = await bundle(component)
    const text = await readFile(join(folder, 'main.js'))
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 16)
    hashes[component.name] = hash
    if (loaded[component.name] === hash) continue
    await load(component, folder)
    const patch = JSON.stringify({ data: { [component.name]: hash } })
    await kubectl('-n', TEST_NAMESPACE, 'patch', 'configmap', MARKER, '--type=merge', '-p', patch)
  }
  return hashes
}

/** What must be there before the first image. */
export const imageMarker = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: MARKER, namespace: TEST_NAMESPACE },
}
