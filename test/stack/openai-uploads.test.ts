import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import OpenAI, { toFile } from 'openai'
import { beforeEach, describe, expect, it } from 'vitest'
import { addresses } from './client.ts'
import { scriptedProvider } from './scripted-provider.ts'
import { watchedFetch } from './watched-fetch.ts'

const PYTHON = resolve(import.meta.dirname, '../../.local/venv/bin/python')
const SCRIPT = resolve(import.meta.dirname, 'openai_uploads.py')
const [AUDIO_MODEL, IMAGE_MODEL] = ['openai/whisper-scripted', 'openai/gpt-image-scripted']
const TRANSCRIPTIONS = '/v1/audio/transcriptions'
const IMAGE = 'aW1hZ2U='

const provider = scriptedProvider()
const { sent, fetch } = watchedFetch()
beforeEach(() => {
  sent.splice(0)
  provider.replyToUpload = ({ path }) =>
    path === TRANSCRIPTIONS ? { text: 'Grüezi.' } : { created: 1, data: [{ b64_json: IMAGE }] }
})

const baseURL = `${addresses.keyed}/v1`
const client = new OpenAI({ baseURL, apiKey: addresses.masterKey, fetch, maxRetries: 0 })
/** Bytes that a text decoder would change. */
const sound = Buffer.from(Array.from({ length: 200_000 }, (_, at) => (at * 7919) % 251))
const png = (rest: string) => Buffer.from(`\x89PNG\r\n${rest}`, 'latin1')
const image = (name: string, rest = name) => toFile(png(rest), name, { type: 'image/png' })

describe("OpenAI's Node client with files", () => {
  it('has audio transcribed twice, with all fields and every byte, out of no cache', async () => {
    for (const _ of [1, 2]) {
      const { text } = await client.audio.transcriptions.create({
        file: await toFile(sound, 'a b;"c".mp3'),
        model: AUDIO_MODEL,
        language: 'de',
        prompt: 'Namen: Zürich, 世界',
        response_format: 'verbose_json',
        temperature: 0.2,
        timestamp_granularities: ['word', 'segment'],
        chunking_strategy: { type: 'server_vad' },
      })
      expect(text).toBe('Grüezi.')
    }
    // The client first fetches `data:,` to find out whether its fetch can send forms.
    const answers = sent.filter(({ request }) => request.url.startsWith(baseURL))
    const outcomes = answers.map(({ answer }) => answer.headers.get('x-cache'))
    expect(outcomes).toEqual(['bypass', 'bypass'])
    expect(provider.uploads).toHaveLength(2)
    for (const { path, texts, files } of provider.uploads) {
      expect(path).toBe(TRANSCRIPTIONS)
      expect(texts.toSorted()).toEqual([
        ['chunking_strategy[type]', 'server_vad'],
        ['language', 'de'],
        ['model', 'whisper-scripted'],
        ['prompt', 'Namen: Zürich, 世界'],
        ['response_format', 'verbose_json'],
        ['temperature', '0.2'],
        ['timestamp_granularities[]', 'segment'],
        ['timestamp_granularities[]', 'word'],
      ])
      expect(files).toHaveLength(1)
      expect(files[0]?.name).toBe('a b;"c".mp3')
      expect(files[0]?.bytes.equals(sound)).toBe(true)
    }
  })

  it('has one image or several edited', async () => {
    const given = { model: IMAGE_MODEL, prompt: 'add a 世界\r\n' }
    const one = await client.images.edit({ ...given, image: await image('a.png') })
    expect(one.data?.[0]?.b64_json).toBe(IMAGE)
    const images = [await image('a.png'), await image('b.png', '\r\n--b')]
    await client.images.edit({ ...given, image: images, mask: await image('m.png'), n: 2 })
    const [first, second] = provider.uploads
    expect(first?.files.map(({ bytes }) => bytes)).toEqual([png('a.png')])
    expect(first?.texts.toSorted()).toEqual([
      ['model', 'gpt-image-scripted'],
      ['prompt', 'add a 世界\r\n'],
    ])
    expect(second?.files.map(({ bytes }) => bytes)).toEqual([
      png('a.png'),
      png('\r\n--b'),
      png('m.png'),
    ])
    expect(second?.texts).toContainEqual(['n', '2'])
  })

  it('raises a refused field as BadRequestError, and LiteLLM never sees it', async () => {
    const file = await toFile(sound, 'a.mp3')
    for (const name of ['metadata', 'cache', 'api_base', 'litellm_metadata', 'model[]']) {
      const params = { file, model: AUDIO_MODEL, [name]: 'x' }
      const refused = client.audio.transcriptions.create(params)
      await expect(refused).rejects.toBeInstanceOf(OpenAI.BadRequestError)
      await expect(refused).rejects.toMatchObject({ code: 'invalid_request', param: name })
    }
    const translated = client.audio.translations.create({ file, model: AUDIO_MODEL })
    await expect(translated).rejects.toBeInstanceOf(OpenAI.NotFoundError)
    expect(provider.uploads).toHaveLength(0)
  })
})

describe('a form field in brackets', () => {
  const ask = async (url: string, name: string) => {
    const form = new FormData()
    form.set('model', AUDIO_MODEL)
    form.set('file', new File([sound], `${crypto.randomUUID()}.mp3`))
    form.set(name, 'http://127.0.0.1:1')
    const headers = { authorization: `Bearer ${addresses.masterKey}` }
    const init = { method: 'POST', headers, body: form }
    return (await globalThis.fetch(`${url}${TRANSCRIPTIONS}`, init)).status
  }

  it('passes the check of LiteLLM, which refuses the same name without them, but not ours', async () => {
    expect(await ask(addresses.litellm, 'langfuse_host')).toBe(401)
    expect(provider.uploads).toHaveLength(0)
    expect(await ask(addresses.litellm, 'langfuse_host[]')).toBe(200)
    expect(provider.uploads).toHaveLength(1)
    expect(await ask(addresses.keyed, 'langfuse_host[]')).toBe(400)
    expect(await ask(addresses.keyed, 'langfuse_host')).toBe(401)
    expect(provider.uploads).toHaveLength(1)
  })
})

describe("OpenAI's Python client with files", () => {
  it('has audio transcribed and images edited, and raises what is refused', async () => {
    const args = [SCRIPT, baseURL, addresses.masterKey, AUDIO_MODEL, IMAGE_MODEL]
    const { stdout } = await promisify(execFile)(PYTHON, args)
    const refused = (name: string, status: number, param: string | null) => ({
      class: name,
      status,
      param,
    })
    expect(JSON.parse(stdout)).toEqual({
      transcription: 'Grüezi.',
      image: IMAGE,
      images: IMAGE,
      metadata: refused('BadRequestError', 400, 'metadata[tags]'),
      cache: refused('BadRequestError', 400, 'cache'),
      no_model: refused('BadRequestError', 400, 'model'),
      no_route: refused('NotFoundError', 404, null),
    })
    const [audio, one, several, ...others] = provider.uploads
    expect(others).toEqual([])
    expect(audio?.texts).toContainEqual(['timestamp_granularities[]', 'word'])
    expect(audio?.files[0]).toMatchObject({ name: 'Grüezi.mp3' })
    const bytes = Buffer.from(Array.from({ length: 256 * 400 }, (_, at) => at % 256))
    expect(audio?.files[0]?.bytes.equals(bytes)).toBe(true)
    expect(one?.files).toHaveLength(1)
    expect(one?.texts).toContainEqual(['prompt', 'add a 世界'])
    expect(several?.files.map((file) => file.bytes)).toEqual([
      png('1'),
      png('--2'),
      Buffer.from('mask'),
    ])
  })
})
