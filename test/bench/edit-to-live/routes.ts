import { forEachLimited } from '#lib/for-each.ts'
import type { KubeObject } from '#lib/kube/types.ts'
import { now } from './clock.ts'
import type { Target } from './targets/target.ts'

/** An edit that the API server has answered. */
export interface Edit {
  readonly verb: 'create' | 'change'
  readonly name: string
  readonly mark: string
  readonly generation: number
  /** When the answer was there, in epoch milliseconds. */
  readonly answered: number
}

/** The routes of the benchmark's namespace. Names are `<prefix>-<n>`. */
export interface Routes {
  create(name: string, mark: string): Promise<Edit>
  /** Changes what a route answers with. */
  change(name: string, mark: string): Promise<Edit>
  createMany(names: readonly string[], mark: string, clients: number): Promise<void>
  deleteMany(names: readonly string[], clients: number): Promise<void>
}

export const createRoutes = ({ client, namespace, routeKind }: Target): Routes => {
  const { type } = routeKind
  const toEdit = (verb: Edit['verb'], { metadata }: KubeObject, mark: string): Edit => {
    const { name, generation = 0 } = metadata
    return { verb, name, mark, generation, answered: now() }
  }
  const create = async (name: string, mark: string): Promise<Edit> =>
    toEdit('create', await client.create(type, routeKind.toObject(namespace, name, mark)), mark)
  return {
    create,
    async change(name, mark) {
      const patch = routeKind.toPatch(name, mark)
      return toEdit('change', await client.patch(type, { namespace, name }, patch), mark)
    },
    createMany: (names, mark, clients) =>
      forEachLimited(names, clients, (name) => create(name, mark)),
    deleteMany: (names, clients) =>
      forEachLimited(names, clients, (name) => client.delete(type, { namespace, name })),
  }
}
