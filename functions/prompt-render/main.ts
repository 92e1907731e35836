import { readDeps } from '../runtime/deps.ts'
import { serveFunction } from '../runtime/serve.ts'
import { createApp } from './app.ts'

const { port, ...deps } = readDeps('prompt-render', process.env)
serveFunction(createApp(deps), port, deps.log)
