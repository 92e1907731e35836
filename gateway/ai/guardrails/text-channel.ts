import { type Inspection, type LocalRule, Redactor } from './redactor.ts'
import { createUnmasker, type Unmasker, type Vault } from './vault.ts'

/** One text of an answer as it comes: rules see what the model said, the caller what it means. */
export class TextChannel {
  readonly #redactor: Redactor | undefined
  readonly #unmasker: Unmasker

  constructor(rules: readonly LocalRule[], inspection: Inspection, vault: Vault) {
    this.#redactor = rules.length > 0 ? new Redactor(rules, inspection) : undefined
    this.#unmasker = createUnmasker(vault, vault.isJson)
  }

  /** Whether anything of it is not as the model said it. */
  get hasMasked(): boolean {
    return (this.#redactor?.edits.length ?? 0) > 0
  }

  push(text: string): string {
    return this.#unmasker.push(this.#redactor ? this.#redactor.push(text) : text)
  }

  end(): string {
    return this.#unmasker.push(this.#redactor?.end() ?? '') + this.#unmasker.end()
  }
}
