import { expect, test } from 'vitest'
import { readLines } from './lines.ts'

async function* chunksOf(bytes: Uint8Array, size: number) {
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size)
}

test.each([1, 2, 3, 7, 100])('lines are found across chunks of %i bytes', async (size) => {
  const bytes = new TextEncoder().encode('{"a":"é"}\n\n{"b":"𝄞"}\nrest')
  const lines: string[] = []
  for await (const line of readLines(chunksOf(bytes, size))) lines.push(line)
  expect(lines).toEqual(['{"a":"é"}', '{"b":"𝄞"}'])
})
