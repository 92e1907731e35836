import type { LinkedModel } from '../../link/linked-model.ts'

/** A model of a rule that is there now. */
export interface Choice {
  readonly model: LinkedModel
  readonly weight: number
}

/** The choice that a point in [0, 1) on the scale of weights falls on. */
export const pickWeighted = (choices: readonly Choice[], point: number): Choice | undefined => {
  const total = choices.reduce((sum, { weight }) => sum + weight, 0)
  let above = 0
  return choices.find(({ weight }) => {
    above += weight
    return point * total < above
  })
}

/** By something that is not known of each; those come last. Equal ones keep their order. */
const orderBy = (
  choices: readonly Choice[],
  toNumber: (choice: Choice) => number | undefined,
): LinkedModel[] =>
  choices
    .map((choice) => ({ choice, number: toNumber(choice) ?? Number.POSITIVE_INFINITY }))
    .sort((a, b) => (a.number === b.number ? 0 : a.number - b.number))
    .map(({ choice }) => choice.model)

/** @param toCost of the call that is to be made; undefined where nobody knows the price */
export const orderByCost = (
  choices: readonly Choice[],
  toCost: (model: LinkedModel) => number | undefined,
): LinkedModel[] => orderBy(choices, ({ model }) => toCost(model))

/**
 * The one first that has answered fastest lately. One that nobody has asked for a while goes before
 * it, for a single call: else it would never be found to have become faster.
 */
export const orderBySpeed = (
  choices: readonly Choice[],
  isStream: boolean,
  nowMs: number,
): LinkedModel[] => {
  const unknown = choices.find(
    ({ model: { speed } }) => speed.expected(isStream, nowMs) === undefined && speed.isDue(nowMs),
  )
  unknown?.model.speed.explored(nowMs)
  return orderBy(choices, (choice) =>
    choice === unknown ? -1 : choice.model.speed.expected(isStream, nowMs),
  )
}
