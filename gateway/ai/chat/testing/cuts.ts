import fc from 'fast-check'

/** The chunks of a text, cut anywhere; some may be empty. */
export const anyCuts = (whole: string): fc.Arbitrary<string[]> =>
  fc.array(fc.nat(whole.length)).map((cuts) => {
    const places = [0, ...cuts.toSorted((a, b) => a - b), whole.length]
    return places.slice(1).map((end, i) => whole.slice(places[i], end))
  })
