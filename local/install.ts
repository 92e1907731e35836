import { readdir, readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import type { KubeClient } from '#lib/kube/client.ts'
import type { KubeObject, ResourceType } from '#lib/kube/types.ts'

const FIELD_MANAGER = 'penstock-local'
const CRD_FOLDER = new URL('../config/crd/', import.meta.url)

const namespaces: ResourceType = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
}
const customResourceDefinitions: ResourceType = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
}

/** Installs what a cluster's administrator would: the CRDs and the gateway's namespace. */
export const install = async (client: KubeClient, namespace: string): Promise<void> => {
  const files = (await readdir(CRD_FOLDER)).filter((name) => name.startsWith('penstock.dev_'))
  for (const file of files) {
    const crd = parse(await readFile(new URL(file, CRD_FOLDER), 'utf8')) as KubeObject
    await client.apply(customResourceDefinitions, crd, { fieldManager: FIELD_MANAGER })
  }
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }
  await client.apply(namespaces, object, { fieldManager: FIELD_MANAGER })
}
