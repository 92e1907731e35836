import { withObjectMeta } from '../schema/object-meta.ts'
import type { Schema } from '../schema/schema.ts'
import { COLUMNS } from './columns.ts'
import * as core from './core-schemas.ts'
import { CRD_SCHEMA } from './crd-schema.ts'
import { CRD_STRATEGY } from './crd-strategy.ts'
import type { Column, ResourceType, Strategy } from './resource-type.ts'
import { STRATEGIES } from './strategies.ts'
import { DEPLOYMENT, POD } from './workload-schemas.ts'

interface BuiltIn {
  readonly group?: string
  readonly kind: string
  readonly plural: string
  readonly short?: readonly string[]
  readonly categories?: readonly string[]
  readonly isClusterScoped?: boolean
  readonly hasStatus?: boolean
  readonly hasGeneration?: boolean
  readonly columns: readonly Column[]
  readonly schema: Schema
  readonly strategy?: Strategy
  readonly selectableFields?: readonly string[]
}

const define = (builtIn: BuiltIn): ResourceType => ({
  group: builtIn.group ?? '',
  version: 'v1',
  kind: builtIn.kind,
  listKind: `${builtIn.kind}List`,
  plural: builtIn.plural,
  singular: builtIn.kind.toLowerCase(),
  shortNames: builtIn.short ?? [],
  categories: builtIn.categories ?? [],
  namespaced: !builtIn.isClusterScoped,
  columns: builtIn.columns,
  schema: withObjectMeta(builtIn.schema),
  hasStatus: builtIn.hasStatus ?? false,
  hasGeneration: builtIn.hasGeneration ?? false,
  custom: false,
  storageVersion: 'v1',
  strategy: builtIn.strategy ?? {},
  selectableFields: builtIn.selectableFields ?? [],
})

const EVENT_FIELDS = [
  'involvedObject.kind',
  'involvedObject.namespace',
  'involvedObject.name',
  'involvedObject.uid',
  'involvedObject.apiVersion',
  'involvedObject.resourceVersion',
  'involvedObject.fieldPath',
  'reason',
  'reportingComponent',
  'source',
  'type',
]

/** The kinds that are there without a CustomResourceDefinition. */
export const BUILT_INS: readonly ResourceType[] = [
  define({
    kind: 'ConfigMap',
    plural: 'configmaps',
    short: ['cm'],
    columns: COLUMNS.configMap,
    schema: core.CONFIG_MAP,
    strategy: STRATEGIES.configMap,
  }),
  define({
    kind: 'Endpoints',
    plural: 'endpoints',
    short: ['ep'],
    columns: COLUMNS.endpoints,
    schema: core.ENDPOINTS,
  }),
  define({
    kind: 'Event',
    plural: 'events',
    short: ['ev'],
    columns: COLUMNS.event,
    schema: core.CORE_EVENT,
    strategy: STRATEGIES.coreEvent,
    selectableFields: EVENT_FIELDS,
  }),
  define({
    kind: 'Namespace',
    plural: 'namespaces',
    short: ['ns'],
    isClusterScoped: true,
    hasStatus: true,
    columns: COLUMNS.namespace,
    schema: core.NAMESPACE,
    strategy: STRATEGIES.namespace,
    selectableFields: ['status.phase'],
  }),
  define({
    kind: 'Pod',
    plural: 'pods',
    short: ['po'],
    categories: ['all'],
    hasStatus: true,
    columns: COLUMNS.pod,
    schema: POD,
    strategy: STRATEGIES.pod,
    selectableFields: ['spec.nodeName', 'status.phase'],
  }),
  define({
    kind: 'Secret',
    plural: 'secrets',
    columns: COLUMNS.secret,
    schema: core.SECRET,
    strategy: STRATEGIES.secret,
    selectableFields: ['type'],
  }),
  define({
    kind: 'Service',
    plural: 'services',
    short: ['svc'],
    categories: ['all'],
    hasStatus: true,
    columns: COLUMNS.service,
    schema: core.SERVICE,
    strategy: STRATEGIES.service,
  }),
  define({
    kind: 'ServiceAccount',
    plural: 'serviceaccounts',
    short: ['sa'],
    columns: COLUMNS.serviceAccount,
    schema: core.SERVICE_ACCOUNT,
  }),
  define({
    group: 'apps',
    kind: 'Deployment',
    plural: 'deployments',
    short: ['deploy'],
    categories: ['all'],
    hasStatus: true,
    hasGeneration: true,
    columns: COLUMNS.deployment,
    schema: DEPLOYMENT,
  }),
  define({
    group: 'coordination.k8s.io',
    kind: 'Lease',
    plural: 'leases',
    columns: COLUMNS.lease,
    schema: core.LEASE,
  }),
  define({
    group: 'discovery.k8s.io',
    kind: 'EndpointSlice',
    plural: 'endpointslices',
    columns: COLUMNS.endpointSlice,
    schema: core.ENDPOINT_SLICE,
    hasGeneration: true,
  }),
  define({
    group: 'apiextensions.k8s.io',
    kind: 'CustomResourceDefinition',
    plural: 'customresourcedefinitions',
    short: ['crd', 'crds'],
    categories: ['api-extensions'],
    isClusterScoped: true,
    hasStatus: true,
    hasGeneration: true,
    columns: COLUMNS.crd,
    schema: CRD_SCHEMA,
    strategy: CRD_STRATEGY,
  }),
]
