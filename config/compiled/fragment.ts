import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { z } from 'zod'
import { compiledModel } from './ai-model.ts'
import { compiledRoute } from './api-route.ts'
import { compiledPrompt } from './prompt.ts'
import { compiledPolicy } from './routing-policy.ts'

/** Version of the fragment format; a reader skips what it does not know. */
export const FORMAT = 1

/** Names one object of any kind. What is no Kubernetes name could lead elsewhere in an URL. */
export const objectKey = z.object({
  kind: z
    .string()
    .max(63)
    .regex(/^[A-Z][A-Za-z0-9]*$/),
  namespace: z
    .string()
    .max(63)
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/),
  name: z
    .string()
    .max(253)
    .regex(/^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/),
})

/** Names one generation of one incarnation of an object. */
export const objectVersion = objectKey.extend({ uid: z.string(), generation: z.int() })

export type ObjectKey = z.infer<typeof objectKey>
export type ObjectVersion = z.infer<typeof objectVersion>

const header = objectVersion.extend({
  format: z.literal(FORMAT),
  /** RFC 3339; the older of two equal routes wins. */
  createdAt: z.string(),
  /** Of `spec`, in hex: equal hashes serve alike. */
  hash: z.string(),
})

const fragment = z.discriminatedUnion('kind', [
  header.extend({ kind: z.literal('APIRoute'), spec: compiledRoute }),
  header.extend({ kind: z.literal('AIModelConfig'), spec: compiledModel }),
  header.extend({ kind: z.literal('LLMRoutingPolicy'), spec: compiledPolicy }),
  header.extend({ kind: z.literal('PromptTemplate'), spec: compiledPrompt }),
])

/** One object compiled, alone. It names what it refers to and never contains it. */
export type Fragment = z.infer<typeof fragment>
export type FragmentOf<K extends Fragment['kind']> = Extract<Fragment, { kind: K }>

/** The ConfigMap of a fragment; one each, so that an edit costs the same at any size. */
export interface FragmentConfigMap {
  apiVersion: string
  kind: string
  metadata: {
    name: string
    namespace?: string
    resourceVersion?: string
    labels?: Record<string, string>
    annotations?: Record<string, string>
  }
  data?: Record<string, string>
  binaryData?: Record<string, string>
}

/** Label of every fragment's ConfigMap. Its value is the format version. */
export const FRAGMENT_LABEL = 'penstock.dev/fragment'
const KIND_LABEL = 'penstock.dev/kind'
const OBJECT_ANNOTATION = 'penstock.dev/object'
const UID_ANNOTATION = 'penstock.dev/uid'
const GENERATION_ANNOTATION = 'penstock.dev/generation'
const HASH_ANNOTATION = 'penstock.dev/hash'
const TIMELINE_ANNOTATION = 'penstock.dev/timeline'
const DATA_KEY = 'fragment.json'

/** When an edit passed which stop, in epoch milliseconds; it rides along for benchmarks and traces. */
export interface Timeline {
  /** The source sent its event. */
  readonly sent?: number
  /** The compile function got it. */
  readonly received?: number
  /** The compile function had read the object. */
  readonly read?: number
  /** The gateway replica got the fragment. */
  readonly arrived?: number
  readonly traceparent?: string
}

/** Selects the fragments of one kind, or of all kinds. */
export const fragmentSelector = (kind?: string): string =>
  kind === undefined ? FRAGMENT_LABEL : `${FRAGMENT_LABEL},${KIND_LABEL}=${kind}`

/** Compressing less than this saves nothing worth the unreadable `kubectl get -o yaml`. */
const GZIP_FROM_BYTES = 4096
/** A ConfigMap holds 1 MiB; base64 and metadata need their share. */
export const MAX_ENCODED_BYTES = 700_000
/** Guards the reader against what unpacks to more than any object can hold. */
const MAX_DECODED_BYTES = 16 << 20

/** @throws RangeError when the fragment does not fit a ConfigMap. */
export const encodeFragment = (
  value: Fragment,
  namespace: string,
  timeline: Timeline = {},
): FragmentConfigMap => {
  const json = JSON.stringify(value)
  const packed = json.length < GZIP_FROM_BYTES ? undefined : gzipSync(json, { level: 6 })
  if ((packed?.length ?? 0) > MAX_ENCODED_BYTES) {
    throw new RangeError(
      `compiles to ${packed?.length} bytes compressed; the limit is ${MAX_ENCODED_BYTES}`,
    )
  }
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: fragmentName(value),
      namespace,
      labels: { [FRAGMENT_LABEL]: `v${FORMAT}`, [KIND_LABEL]: value.kind },
      annotations: {
        [OBJECT_ANNOTATION]: `${value.namespace}/${value.name}`,
        [UID_ANNOTATION]: value.uid,
        [GENERATION_ANNOTATION]: String(value.generation),
        [HASH_ANNOTATION]: value.hash,
        [TIMELINE_ANNOTATION]: JSON.stringify(timeline),
      },
    },
    ...(packed
      ? { binaryData: { [`${DATA_KEY}.gz`]: packed.toString('base64') } }
      : { data: { [DATA_KEY]: json } }),
  }
}

/** @throws Error when the ConfigMap does not hold a fragment of this format. */
export const decodeFragment = (configMap: FragmentConfigMap): Fragment => {
  const packed = configMap.binaryData?.[`${DATA_KEY}.gz`]
  const json = packed
    ? gunzipSync(Buffer.from(packed, 'base64'), { maxOutputLength: MAX_DECODED_BYTES }).toString()
    : configMap.data?.[DATA_KEY]
  if (json === undefined) throw new Error(`ConfigMap ${configMap.metadata.name}: no ${DATA_KEY}`)
  return fragment.parse(JSON.parse(json))
}

/** What a fragment's ConfigMap says of its object without being unpacked. */
export const readFragmentVersion = (
  configMap: FragmentConfigMap,
): (ObjectVersion & { hash: string }) | undefined => {
  const { annotations = {}, labels = {} } = configMap.metadata
  const [namespace, name] = annotations[OBJECT_ANNOTATION]?.split('/') ?? []
  const kind = labels[KIND_LABEL]
  const uid = annotations[UID_ANNOTATION]
  const generation = Number(annotations[GENERATION_ANNOTATION])
  const version = objectVersion.safeParse({ kind, namespace, name, uid, generation })
  return version.success && uid
    ? { ...version.data, hash: annotations[HASH_ANNOTATION] ?? '' }
    : undefined
}

const timeline = z.object({
  sent: z.number().exactOptional(),
  received: z.number().exactOptional(),
  read: z.number().exactOptional(),
  traceparent: z.string().exactOptional(),
})

/** The timeline that rode along with a fragment; an unreadable one is empty, for it is only told. */
export const readTimeline = ({ metadata }: FragmentConfigMap): Timeline => {
  try {
    return timeline.parse(JSON.parse(metadata.annotations?.[TIMELINE_ANNOTATION] ?? '{}'))
  } catch {
    return {}
  }
}

/**
 * Hex digest of a compiled spec in this format. Key order counts: compile functions are
 * deterministic.
 */
export const hashSpec = (spec: unknown): string =>
  createHash('sha256')
    .update(`${FORMAT} ${JSON.stringify(spec)}`)
    .digest('hex')
    .slice(0, 16)

/** Name of an object's ConfigMap: by hash, since a long name would not fit. */
export const fragmentName = ({ kind, namespace, name }: ObjectKey): string => {
  const digest = createHash('sha256').update(`${kind}/${namespace}/${name}`).digest('hex')
  return `penstock-${kind.toLowerCase()}-${digest.slice(0, 24)}`
}

/** One string for a key, as map key and in messages. */
export const toKeyString = ({ kind, namespace, name }: ObjectKey): string =>
  `${kind}/${namespace}/${name}`
