import { CREATED, type Operation, toOkReply } from '../dialect.ts'

/** Any name is answered; these are listed so that a list is not empty. */
const IDS = ['gpt-mock', 'gpt-mock-mini', 'text-embedding-mock']

/** GET /v1/models */
export const models: Operation = () => ({
  model: '',
  reply: () =>
    toOkReply({
      object: 'list',
      data: IDS.map((id) => ({ id, object: 'model', created: CREATED, owned_by: 'mock' })),
    }),
})
