import { ApiError } from '../status.ts'

/** The form an answer is wanted in. */
export type Form = 'object' | 'table' | 'metadata'

/** One media range of an Accept header. */
interface MediaRange {
  readonly type: string
  readonly parameters: ReadonlyMap<string, string>
}

const parseRange = (text: string): MediaRange => {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim())
  const pairs = parameters.map((parameter): [string, string] => {
    const [key = '', value = ''] = parameter.split('=')
    return [key, value]
  })
  return { type: type.toLowerCase(), parameters: new Map(pairs) }
}

const JSON_TYPES: readonly string[] = ['application/json', 'application/*', '*/*', '']

/** The JSON ranges of an Accept header, in the order given. */
export const jsonRanges = (accept: string | undefined): MediaRange[] =>
  (accept ?? '*/*')
    .split(',')
    .map(parseRange)
    .filter(({ type }) => JSON_TYPES.includes(type))

const notAcceptable = (): ApiError =>
  new ApiError(
    'only the following media types are accepted: application/json, application/json;as=Table, application/json;as=PartialObjectMetadata',
    { code: 406, reason: 'NotAcceptable', details: {} },
  )

const formOf = ({ parameters }: MediaRange): Form | undefined => {
  const as = parameters.get('as')
  if (as === undefined) return 'object'
  const isMeta = parameters.get('g') === 'meta.k8s.io' && parameters.get('v') === 'v1'
  if (!isMeta) return undefined
  if (as === 'Table') return 'table'
  return as.startsWith('PartialObjectMetadata') ? 'metadata' : undefined
}

/** Chooses the form of an answer. @throws ApiError 406 when none is accepted */
export const acceptedForm = (accept: string | undefined): Form => {
  for (const range of jsonRanges(accept)) {
    const form = formOf(range)
    if (form) return form
  }
  // kubectl asks for YAML nowhere, and clients that want protobuf alone cannot be served.
  if (/yaml/.test(accept ?? '')) return 'object'
  throw notAcceptable()
}

/** Whether aggregated discovery is asked for. */
export const wantsAggregatedDiscovery = (accept: string | undefined): boolean =>
  jsonRanges(accept).some(
    ({ parameters }) =>
      parameters.get('g') === 'apidiscovery.k8s.io' && parameters.get('v') === 'v2',
  )
