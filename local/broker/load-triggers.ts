import { readFile } from 'node:fs/promises'
import { parseAllDocuments } from 'yaml'
import { type BrokerObject, parseBroker, parseTrigger, type Trigger } from './trigger.ts'

const readObjects = async (file: string): Promise<{ file: string; object: unknown }[]> =>
  parseAllDocuments(await readFile(file, 'utf8')).map((document) => {
    const [error] = document.errors
    if (error) throw new Error(`${file}: ${error.message}`, { cause: error })
    return { file, object: document.toJS() as unknown }
  })

const isKind = (object: unknown, kind: string): boolean =>
  typeof object === 'object' && object !== null && 'kind' in object && object.kind === kind

const toKey = (namespace: string | undefined, name: string) => `${namespace ?? ''}/${name}`

/** `spec.delivery` of its Broker stands in where a Trigger has none, as in Knative. */
const inherit = (trigger: Trigger, brokers: readonly BrokerObject[]): Trigger => {
  const key = toKey(trigger.metadata.namespace, trigger.spec.broker)
  const broker = brokers.find(({ metadata }) => toKey(metadata.namespace, metadata.name) === key)
  const delivery = trigger.spec.delivery ?? broker?.spec?.delivery
  return delivery === undefined ? trigger : { ...trigger, spec: { ...trigger.spec, delivery } }
}

/**
 * Reads every Trigger, and the Brokers' delivery settings, in YAML files; other documents are
 * passed over.
 *
 * @throws Error that names the file when it is not YAML or asks for what is not supported here.
 */
export const loadTriggers = async (files: readonly string[]): Promise<Trigger[]> => {
  const objects = (await Promise.all(files.map(readObjects))).flat()
  const brokers = objects
    .filter(({ object }) => isKind(object, 'Broker'))
    .map(({ file, object }) => parseBroker(object, file))
  return objects
    .filter(({ object }) => isKind(object, 'Trigger'))
    .map(({ file, object }) => inherit(parseTrigger(object, file), brokers))
}
