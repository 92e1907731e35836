import type { Schema } from '../schema/schema.ts'
import {
  anything,
  atomicList,
  CONDITIONS,
  flag,
  integer,
  intOrString,
  listBy,
  OBJECT_REFERENCE,
  object,
  oneOf,
  setOf,
  text,
  textMap,
  time,
  withDefault,
} from './dsl.ts'

const PROTOCOL = withDefault(oneOf(['TCP', 'UDP', 'SCTP'], 'Transport protocol.'), 'TCP')

export const CONFIG_MAP: Schema = object('Configuration, as keys and values.', {
  data: textMap('Values that are text.'),
  binaryData: {
    type: 'object',
    description: 'Values that are bytes, base64.',
    additionalProperties: { type: 'string', format: 'byte' },
  },
  immutable: flag('Whether the values may no longer change.'),
})

export const SECRET: Schema = object('Values that are to be kept secret.', {
  data: {
    type: 'object',
    description: 'The values, base64.',
    additionalProperties: { type: 'string', format: 'byte' },
  },
  stringData: textMap('Values given as text; written to data.'),
  type: withDefault(text('What the secret is for.'), 'Opaque'),
  immutable: flag('Whether the values may no longer change.'),
})

export const NAMESPACE: Schema = object('A scope for names.', {
  spec: object('What is wanted.', {
    finalizers: atomicList({ type: 'string' }, 'What must be emptied before it goes.'),
  }),
  status: object('What is.', {
    phase: text('Active or Terminating.'),
    conditions: CONDITIONS,
  }),
})

const SERVICE_PORT = object(
  'A port of the service.',
  {
    name: text('Name of the port.'),
    protocol: PROTOCOL,
    appProtocol: text('Protocol of the application.'),
    port: integer('Port the service listens on.'),
    targetPort: intOrString('Port of the pods.'),
    nodePort: integer('Port of the nodes.'),
  },
  ['port'],
)

export const SERVICE: Schema = object('A name for a set of endpoints.', {
  spec: object('What is wanted.', {
    ports: listBy(['port', 'protocol'], SERVICE_PORT, 'The ports.'),
    selector: { ...textMap('Labels of the pods.'), 'x-kubernetes-map-type': 'atomic' },
    clusterIP: text('Virtual address; local mode gives none out.'),
    clusterIPs: atomicList({ type: 'string' }, 'Virtual addresses.'),
    type: withDefault(
      oneOf(['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'], 'How it is reached.'),
      'ClusterIP',
    ),
    externalIPs: atomicList({ type: 'string' }, 'Addresses outside the cluster.'),
    externalName: text('DNS name the service stands for.'),
    externalTrafficPolicy: text('Where traffic from outside goes.'),
    internalTrafficPolicy: withDefault(text('Where traffic from inside goes.'), 'Cluster'),
    healthCheckNodePort: integer('Port of the health check.'),
    ipFamilies: atomicList({ type: 'string' }, 'IPv4, IPv6.'),
    ipFamilyPolicy: text('One or two IP families.'),
    loadBalancerClass: text('Which load balancer.'),
    loadBalancerIP: text('Address of the load balancer.'),
    loadBalancerSourceRanges: atomicList({ type: 'string' }, 'Addresses that are let through.'),
    allocateLoadBalancerNodePorts: flag('Whether node ports are given out.'),
    publishNotReadyAddresses: flag('Whether endpoints that are not ready count.'),
    sessionAffinity: withDefault(text('ClientIP or None.'), 'None'),
    sessionAffinityConfig: anything('How affinity works.'),
    trafficDistribution: text('Which endpoints are preferred.'),
  }),
  status: object('What is.', {
    loadBalancer: withDefault(anything('Addresses of the load balancer.'), {}),
    conditions: CONDITIONS,
  }),
})

export const SERVICE_ACCOUNT: Schema = object('An identity for processes.', {
  secrets: listBy(['name'], OBJECT_REFERENCE, 'Secrets of the account.'),
  imagePullSecrets: atomicList(
    object('A name.', { name: text('Name.') }),
    'Secrets of registries.',
  ),
  automountServiceAccountToken: flag('Whether pods get a token.'),
})

const SOURCE = object('Who reported.', {
  component: text('The component.'),
  host: text('The host.'),
})

export const CORE_EVENT: Schema = object(
  'A report of something that happened to an object.',
  {
    involvedObject: OBJECT_REFERENCE,
    reason: text('Why, in one word.'),
    message: text('What happened, for people.'),
    source: SOURCE,
    firstTimestamp: time('When it was first seen.'),
    lastTimestamp: time('When it was last seen.'),
    count: integer('How often it was seen.'),
    type: text('Normal or Warning.'),
    eventTime: { ...time('When it was first seen.'), nullable: true },
    series: anything('Repetition of the event.'),
    action: text('What was done.'),
    related: OBJECT_REFERENCE,
    reportingComponent: text('Name of the controller.'),
    reportingInstance: text('Id of the controller.'),
  },
  ['involvedObject'],
)

const ENDPOINT_ADDRESS: Schema = {
  ...object(
    'An address.',
    {
      ip: text('The address.'),
      hostname: text('Its name.'),
      nodeName: text('Its node.'),
      targetRef: OBJECT_REFERENCE,
    },
    ['ip'],
  ),
  'x-kubernetes-map-type': 'atomic',
}

const ENDPOINT_PORT: Schema = {
  ...object('A port.', {
    name: text('Name of the port.'),
    port: integer('The port.'),
    protocol: PROTOCOL,
    appProtocol: text('Protocol of the application.'),
  }),
  'x-kubernetes-map-type': 'atomic',
}

export const ENDPOINTS: Schema = object('The addresses behind a service.', {
  subsets: atomicList(
    object('Addresses with the same ports.', {
      addresses: atomicList(ENDPOINT_ADDRESS, 'Ready addresses.'),
      notReadyAddresses: atomicList(ENDPOINT_ADDRESS, 'Addresses that are not ready.'),
      ports: atomicList(ENDPOINT_PORT, 'The ports.'),
    }),
    'Sets of addresses.',
  ),
})

const ENDPOINT = object(
  'An endpoint.',
  {
    addresses: setOf({ type: 'string' }, 'Addresses of the endpoint.'),
    conditions: object('State of the endpoint.', {
      ready: flag('Whether it takes traffic.'),
      serving: flag('Whether it answers.'),
      terminating: flag('Whether it is going away.'),
    }),
    hostname: text('Its name.'),
    targetRef: OBJECT_REFERENCE,
    deprecatedTopology: textMap('Not used.'),
    nodeName: text('Its node.'),
    zone: text('Its zone.'),
    hints: anything('Who should use it.'),
  },
  ['addresses'],
)

export const ENDPOINT_SLICE: Schema = object(
  'A part of the endpoints of a service.',
  {
    addressType: oneOf(['IPv4', 'IPv6', 'FQDN'], 'Kind of the addresses.'),
    endpoints: atomicList(ENDPOINT, 'The endpoints.'),
    ports: atomicList(ENDPOINT_PORT, 'The ports.'),
  },
  ['addressType', 'endpoints'],
)

export const LEASE: Schema = object('A claim that ends unless it is renewed.', {
  spec: object('The claim.', {
    holderIdentity: text('Who holds it.'),
    leaseDurationSeconds: integer('How long it lasts, in seconds.'),
    acquireTime: time('When it was taken.'),
    renewTime: time('When it was last renewed.'),
    leaseTransitions: integer('How often the holder changed.'),
    preferredHolder: text('Who should take it next.'),
    strategy: text('How the next holder is chosen.'),
  }),
})
