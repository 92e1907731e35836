import type { ResourceType } from '#lib/kube/types.ts'

const core = (kind: string, plural: string): ResourceType => ({
  group: '',
  version: 'v1',
  kind,
  plural,
})

export const namespaces = core('Namespace', 'namespaces')
export const serviceAccounts = core('ServiceAccount', 'serviceaccounts')
