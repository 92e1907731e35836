import { GROUP, VERSION } from '#config/kinds/common.ts'
import { kinds } from '#config/kinds/kinds.ts'
import type { KubeClient } from '#lib/kube/client.ts'
import type { ResourceType } from '#lib/kube/types.ts'

/** Every kind of Penstock. */
export const penstockTypes: readonly ResourceType[] = kinds.map(({ kind, plural }) => ({
  group: GROUP,
  version: VERSION,
  kind,
  plural,
}))

interface Discovery {
  readonly resources: readonly { readonly name: string; readonly kind: string }[]
}

/**
 * Asks the API server for the kind of `<group>/<version>/<plural>`; the group is left out for the
 * core.
 *
 * @throws Error when it serves no such resource.
 */
export const findType = async (client: KubeClient, text: string): Promise<ResourceType> => {
  const [plural = '', version = '', group = ''] = text.split('/').reverse()
  const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  const { resources } = await client.call<Discovery>('GET', path)
  const found = resources.find(({ name }) => name === plural)
  if (found === undefined) throw new Error(`the API server does not serve ${text}`)
  return { group, version, plural, kind: found.kind }
}
