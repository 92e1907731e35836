import type { Schema } from '../schema/schema.ts'
import {
  anything,
  CONDITIONS,
  flag,
  integer,
  listBy,
  object,
  text,
  textMap,
  withDefault,
} from './dsl.ts'

const open = (schema: Schema): Schema => ({
  ...schema,
  'x-kubernetes-preserve-unknown-fields': true,
})

const named = (description: string): Schema =>
  open(object(description, { name: text('Name.') }, ['name']))

const CONTAINER = open(
  object(
    'A container.',
    {
      name: text('Name of the container.'),
      image: text('Image to run.'),
      env: listBy(['name'], named('An environment variable.'), 'Environment variables.'),
      ports: listBy(
        ['containerPort', 'protocol'],
        open(
          object('A port.', {
            name: text('Name of the port.'),
            containerPort: integer('The port.'),
            protocol: withDefault(text('Transport protocol.'), 'TCP'),
          }),
        ),
        'Ports it listens on.',
      ),
      volumeMounts: listBy(
        ['mountPath'],
        open(object('A mount.', { mountPath: text('Where.'), name: text('Name of the volume.') })),
        'What is mounted.',
      ),
    },
    ['name'],
  ),
)

const POD_SPEC = open(
  object('What is wanted.', {
    containers: listBy(['name'], CONTAINER, 'The containers.'),
    initContainers: listBy(['name'], CONTAINER, 'Containers that run first.'),
    volumes: listBy(['name'], named('A volume.'), 'The volumes.'),
    nodeName: text('Node it runs on.'),
    serviceAccountName: text('Identity it runs as.'),
  }),
)

export const POD: Schema = object(
  'A group of containers. Local mode keeps it and does not run it.',
  {
    spec: POD_SPEC,
    status: open(
      object('What is.', { phase: text('Where in its life it is.'), conditions: CONDITIONS }),
    ),
  },
)

export const DEPLOYMENT: Schema = object(
  'A set of equal pods. Local mode keeps it and does not run it.',
  {
    spec: open(
      object(
        'What is wanted.',
        {
          replicas: withDefault(integer('How many pods.'), 1),
          selector: object('Which pods.', {
            matchLabels: textMap('Labels they have.'),
            matchExpressions: {
              type: 'array',
              items: anything('A requirement.'),
              description: 'Requirements on labels.',
              'x-kubernetes-list-type': 'atomic',
            },
          }),
          paused: flag('Whether changes wait.'),
          template: object('The pods.', {
            metadata: anything('Their metadata.'),
            spec: POD_SPEC,
          }),
        },
        ['selector', 'template'],
      ),
    ),
    status: open(
      object('What is.', {
        replicas: integer('Pods there are.'),
        readyReplicas: integer('Pods that are ready.'),
        updatedReplicas: integer('Pods of the newest template.'),
        availableReplicas: integer('Pods that serve.'),
        conditions: CONDITIONS,
      }),
    ),
  },
)
