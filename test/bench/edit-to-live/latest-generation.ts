/** The newest generation that something has reached, by name. */
export interface LatestGeneration {
  reach(name: string, generation: number): void
  /** Resolves once it was reached, at once if it was. */
  until(name: string, generation: number): Promise<void>
  forget(name: string): void
}

interface Waiting {
  readonly generation: number
  resolve(): void
}

export const createLatestGeneration = (): LatestGeneration => {
  const latest = new Map<string, number>()
  const waiting = new Map<string, Waiting[]>()
  return {
    reach(name, generation) {
      if ((latest.get(name) ?? 0) >= generation) return
      latest.set(name, generation)
      const left = (waiting.get(name) ?? []).filter((entry) => {
        if (entry.generation > generation) return true
        entry.resolve()
        return false
      })
      if (left.length > 0) waiting.set(name, left)
      else waiting.delete(name)
    },
    until: (name, generation) =>
      new Promise((resolve) => {
        if ((latest.get(name) ?? 0) >= generation) resolve()
        else waiting.set(name, [...(waiting.get(name) ?? []), { generation, resolve }])
      }),
    forget: (name) => void latest.delete(name),
  }
}
