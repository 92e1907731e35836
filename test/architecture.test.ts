import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')

/** Rooms and what each may import from, by the layout's arrows. */
const ARROWS: Record<string, readonly string[]> = {
  lib: [],
  config: [],
  sources: ['lib', 'config'],
  functions: ['lib', 'config'],
  gateway: ['lib', 'config'],
  local: ['lib', 'config', 'sources', 'functions', 'gateway'],
}

const filesOf = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.split('/').includes('dist'))
    .map((name) => `${folder}/${name}`)

const importsOf = (file: string): string[] =>
  Array.from(
    readFileSync(join(root, file), 'utf8').matchAll(/(?:from|import)\s*\(?'([^']+)'/g),
    ([, specifier = '']) => specifier,
  )

const roomOf = (file: string, specifier: string): string => {
  if (specifier.startsWith('#')) return specifier.slice(1).split('/')[0] ?? ''
  return join(file, '..', specifier).split('/')[0] ?? ''
}

/** A test may use the fixtures of all. */
const mayImport = (file: string, rooms: readonly string[]) =>
  file.endsWith('.test.ts') ? [...rooms, 'test'] : rooms

const isOwn = (specifier: string) => specifier.startsWith('#') || specifier.startsWith('.')

test.each(Object.entries(ARROWS))('%s imports only from its allowed rooms', (room, allowed) => {
  const wrong = filesOf(room).flatMap((file) =>
    importsOf(file)
      .filter(isOwn)
      .filter((specifier) => !mayImport(file, [room, ...allowed]).includes(roomOf(file, specifier)))
      .map((specifier) => `${file} -> ${specifier}`),
  )
  expect(wrong).toEqual([])
})

test('no function imports another, and the gateway reads only the compiled format', () => {
  const functionOf = (path: string) => /^#?functions\/([^/]+)/.exec(path)?.[1]
  const wrong = [
    ...filesOf('functions').flatMap((file) =>
      importsOf(file)
        .filter(isOwn)
        .map((specifier) => (specifier.startsWith('#') ? specifier : join(file, '..', specifier)))
        .filter((target) => {
          const other = functionOf(target)
          return other !== undefined && other !== 'runtime' && other !== functionOf(file)
        })
        .map((target) => `${file} -> ${target}`),
    ),
    ...filesOf('gateway').filter((file) =>
      importsOf(file).some((specifier) => specifier.startsWith('#config/kinds')),
    ),
  ]
  expect(wrong).toEqual([])
})

test('nothing imports a main.ts, and only main.ts reads the environment', () => {
  const files = Object.keys(ARROWS).flatMap(filesOf)
  const importing = files.filter((file) =>
    importsOf(file).some((name) => name.endsWith('/main.ts')),
  )
  const reading = files.filter(
    (file) =>
      !file.endsWith('main.ts') && readFileSync(join(root, file), 'utf8').includes('process.env'),
  )
  expect(importing).toEqual([])
  expect(reading).toEqual([])
})

test('files stay small', () => {
  const long = Object.keys(ARROWS)
    .flatMap(filesOf)
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => [file, readFileSync(join(root, file), 'utf8').split('\n').length] as const)
    .filter(([file, lines]) => lines > 260 && !file.startsWith('config/kinds/'))
  expect(long).toEqual([])
})
