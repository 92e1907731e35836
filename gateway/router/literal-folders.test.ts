import { expect, it } from 'vitest'
import { literalFolders } from './literal-folders.ts'

it.each([
  ['/users/[0-9]+', '/users'],
  ['^/users/v1/.*$', '/users/v1'],
  ['/users/(a|b)/x', '/users'],
  ['/a/(?:b|c(d|e))', ''],
  ['/a/b|/c/d', ''],
  ['/a/[|]', ''],
  ['/a/\\(b|c', ''],
  ['/a/?', ''],
  ['/a/b/*c', '/a'],
  ['/a/{2}', ''],
  ['/a/b', '/a'],
  ['/ab?/c', ''],
  ['/v1\\.0/x', ''],
  ['(?i)/a/b', ''],
  ['a/b/c', ''],
  ['.*', ''],
])('texts of %s start with the folders %s', (source, folders) => {
  expect(literalFolders(source)).toBe(folders)
})
