import { createHash, timingSafeEqual } from 'node:crypto'

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** A test for the server's token that takes the same time whatever is given. */
export const createTokenCheck = (token: string): ((given: string) => boolean) => {
  const wanted = digest(token)
  return (given) => timingSafeEqual(digest(given), wanted)
}

/** The bearer token of an Authorization header, or ''. */
export const bearerToken = (authorization: string | undefined): string =>
  /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? ''
