import { createKindTable, type KindTable } from './kind-table.ts'
import { type LinkedModel, linkModel, type ModelFragment } from './linked-model.ts'
import type { SecretBook } from './secret-book.ts'

/** The models that are served. */
export type ModelTable = KindTable<ModelFragment, LinkedModel>

export const createModelTable = (secrets: SecretBook): ModelTable =>
  createKindTable<ModelFragment, LinkedModel>({
    link: (fragment, before) => linkModel(fragment, secrets, before),
  })
