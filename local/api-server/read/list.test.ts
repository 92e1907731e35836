import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../testing.ts'

const AGE = expect.stringMatching(/^\d+s$/)

const configMap = (name: string, data: Record<string, string> = {}, metadata = {}) => ({
  metadata: { name, ...metadata },
  data,
})

let api: TestServer
beforeAll(async () => {
  api = await startTestServer()
})
afterAll(() => api.close())

describe('listing', () => {
  beforeAll(async () => {
    await api.send('POST', '/api/v1/namespaces', { metadata: { name: 'pages' } })
    for (const name of ['a', 'b', 'c'])
      await api.send('POST', '/api/v1/namespaces/pages/configmaps', configMap(name))
  })

  it('goes on where a page ended', async () => {
    const path = '/api/v1/namespaces/pages/configmaps?limit=2'
    const first = await api.send('GET', path)
    const rest = await api.send(
      'GET',
      `${path}&continue=${(first.body.metadata as { continue: string }).continue}`,
    )
    const names = [first, rest].map(({ body }) =>
      (body.items as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name),
    )
    expect(names).toEqual([['a', 'b'], ['c']])
    expect(rest.body.metadata.resourceVersion).toBe(first.body.metadata.resourceVersion)
  })

  it('shows tables and metadata alone', async () => {
    const path = '/api/v1/namespaces/pages/configmaps'
    const accept = (as: string) => ({ accept: `application/json;as=${as};g=meta.k8s.io;v=v1` })
    const table = await api.send('GET', path, undefined, accept('Table'))
    expect(table.body).toMatchObject({ kind: 'Table', rows: [{ cells: ['a', 0, AGE] }, {}, {}] })
    const metadata = await api.send('GET', path, undefined, accept('PartialObjectMetadataList'))
    expect(metadata.body.kind).toBe('PartialObjectMetadataList')
    expect((metadata.body.items as object[])[0]).not.toHaveProperty('data')
  })

  it('selects by field, and refuses fields it does not know', async () => {
    const one = await api.send('GET', '/api/v1/configmaps?fieldSelector=metadata.name%3Db')
    expect(one.body.items).toHaveLength(1)
    expect((await api.send('GET', '/api/v1/configmaps?fieldSelector=data.a%3Db')).code).toBe(400)
  })
})
