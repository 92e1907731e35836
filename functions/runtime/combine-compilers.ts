import type { Compiler } from './compiler.ts'

/** Compilers of several kinds as one. @param compilers by kind; what is of no kind is nobody's */
export const combineCompilers = (compilers: ReadonlyMap<string, Compiler>): Compiler => ({
  async reconcile(hint, timeline) {
    return (await compilers.get(hint.kind)?.reconcile(hint, timeline)) ?? []
  },
  async resync() {
    const all = [...compilers.values()].map((compiler) => compiler.resync())
    return (await Promise.all(all)).flat()
  },
})
