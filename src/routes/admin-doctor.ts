import type { Context } from 'hono'
import { doctorInput } from '../admin/doctor.ts'
import type { Diagnosis } from '../doctor/check.ts'
import type { AppEnv } from '../env.ts'
import { answer, bodyOf } from './admin-input.ts'

/** One run of the doctor. */
export interface DoctorRun {
  /** The chat model that answers the canary. */
  readonly model: string | undefined
  /** The model that LiteLLM's cache embeds with. */
  readonly embeddingModel: string | undefined
  /** A caller's key, and that of a caller of another tenant. */
  readonly key: string | undefined
  readonly otherKey: string | undefined
  /** Whether a check may cost money. */
  readonly mayPay: boolean
  /** Answers a request as the gateway answers a caller's. */
  readonly send: (request: Request) => Promise<Response>
  /** The address of the gateway that the run came to. */
  readonly origin: string
  /** What Cloudflare says of its request. */
  readonly cf: CfProperties | undefined
  readonly waitUntil: (work: Promise<unknown>) => void
}

export interface AdminDoctorOptions {
  readonly diagnose: (run: DoctorRun) => Promise<Diagnosis>
  /** The gateway itself. */
  readonly send: (request: Request, c: Context<AppEnv>) => Response | Promise<Response>
}

/** Examines everything. 200, whatever it finds. */
export const adminDoctor =
  ({ diagnose, send }: AdminDoctorOptions) =>
  async (c: Context<AppEnv>) => {
    const { model, embedding_model, key, other_key, free } = await bodyOf(c, doctorInput)
    const diagnosis = await diagnose({
      model,
      embeddingModel: embedding_model,
      key,
      otherKey: other_key,
      mayPay: !free,
      send: async (request) => send(request, c),
      origin: new URL(c.req.url).origin,
      cf: (c.req.raw as { readonly cf?: CfProperties }).cf,
      waitUntil: (work) => c.executionCtx.waitUntil(work),
    })
    return answer(c, diagnosis)
  }
