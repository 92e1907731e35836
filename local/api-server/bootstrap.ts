import type { Registry } from './registry/registry.ts'
import type { Store } from './storage/store.ts'
import type { ObjectWriter } from './write/writer.ts'

const NAMESPACES = ['default', 'kube-system']

/** Creates what is there from the start. */
export const bootstrap = (store: Store, registry: Registry, writer: ObjectWriter): void => {
  const type = registry.findKind('v1', 'Namespace')
  if (!type) return
  for (const name of NAMESPACES) {
    if (store.get({ resource: 'namespaces', key: name })) continue
    writer.create(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
      {
        type,
        namespace: '',
        name,
        subresource: '',
        manager: 'penstock',
        dryRun: false,
        fieldValidation: 'Strict',
        warnings: [],
        duplicates: [],
      },
    )
  }
}
