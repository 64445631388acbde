import { describe, expect, it } from 'vitest'
import { STEERING } from '../../src/apis/checks.ts'
import { checkFields } from '../../src/apis/form-fields.ts'
import { imageEdits, transcriptions } from '../../src/apis/passthrough.ts'

const empty = { type: undefined, content: [], bytes: 0 }
/** Fields by name; one in angle brackets is a file. */
const fields = (names: readonly string[]) =>
  names.map((name) => {
    const isFile = name.startsWith('<')
    return { name: name.replaceAll(/[<>]/g, ''), fileName: isFile ? 'a' : undefined, ...empty }
  })
const apis = { transcriptions, imageEdits }
const check = (api: keyof typeof apis, ...names: string[]) =>
  checkFields(fields(names), apis[api].form!)

describe('the fields of a form', () => {
  it.each<[keyof typeof apis, ...string[]]>([
    ['transcriptions', '<file>', 'model', 'language', 'prompt', 'temperature', 'stream', 'no-such'],
    ['transcriptions', '<file>', 'timestamp_granularities[]', 'timestamp_granularities[]'],
    [
      'transcriptions',
      '<file>',
      'include[]',
      'known_speaker_names[]',
      'known_speaker_references[]',
    ],
    ['transcriptions', '<file>', 'chunking_strategy[type]', 'chunking_strategy[threshold]'],
    ['transcriptions', '<file>', 'chunking_strategy', 'timestamp_granularities'],
    ['imageEdits', '<image>', 'model', '<mask>'],
    ['imageEdits', '<image[]>', '<image[]>', 'model'],
    ['imageEdits', '<image>', '<image>'],
    ['imageEdits', 'model'],
  ])('are accepted: %s %s %s %s', (api, ...names) => {
    expect(() => check(api, ...names)).not.toThrow()
  })

  const steering = [...STEERING, 'metadata', 'litellm_metadata', 'extra_body', 'cache']
  it.each(steering)('may not steer LiteLLM, in any spelling: %s', (name) => {
    for (const ending of ['', '[]', '[x]', '[x][]', '[][]']) {
      const param = name + ending
      for (const given of [param, `<${param}>`]) {
        expect(() => check('imageEdits', 'model', given), given).toThrow(
          expect.objectContaining({ status: 400, param }),
        )
      }
    }
  })

  it.each<[keyof typeof apis, param: string, ...string[]]>([
    ['transcriptions', 'file', 'model'],
    ['transcriptions', 'file', 'model', 'file'],
    ['transcriptions', 'file', '<file>', '<file>'],
    ['transcriptions', 'file[]', '<file[]>'],
    ['transcriptions', 'model', '<file>', '<model>'],
    ['transcriptions', 'model', '<file>', 'model', 'model'],
    ['transcriptions', 'model[]', '<file>', 'model', 'model[]'],
    ['transcriptions', 'model[]', '<file>', 'model[]', 'model'],
    ['transcriptions', 'langfuse_host[]', '<file>', 'langfuse_host[]'],
    ['transcriptions', 'litellm_any', '<file>', 'litellm_any'],
    ['transcriptions', 'litellm_metadata[tags]', '<file>', 'litellm_metadata[tags]'],
    ['transcriptions', 'prompt', '<file>', 'prompt', 'prompt'],
    ['transcriptions', 'prompt', '<file>', '<prompt>'],
    ['transcriptions', 'include[]', '<file>', 'include', 'include[]'],
    [
      'transcriptions',
      'chunking_strategy',
      '<file>',
      'chunking_strategy[type]',
      'chunking_strategy',
    ],
    [
      'transcriptions',
      'chunking_strategy[type]',
      '<file>',
      'chunking_strategy[type]',
      'chunking_strategy[type]',
    ],
    ['imageEdits', 'image[]', '<image>', '<image[]>'],
    ['imageEdits', 'image', 'image'],
    ['imageEdits', 'image[]', 'image[]'],
    ['imageEdits', 'image[0]', '<image[0]>'],
    ['imageEdits', 'other', '<other>'],
  ])('are refused: %s, naming %s', (api, param, ...names) => {
    expect(() => check(api, ...names)).toThrow(expect.objectContaining({ status: 400, param }))
  })

  it.each([
    '',
    ' ',
    ' model',
    'model ',
    'mo"del',
    'model\\',
    'mo\r\ndel',
    'mo\0del',
    'ümlaut',
    'mоdel',
    'a[b',
    'a]b',
    'a[b]c',
    'a[b][c]',
    '[]',
    '_charset_',
    '__proto__',
    '1a',
    'a'.repeat(129),
    'a%22b',
    'a;b',
    'a=b',
    'a b',
  ])('need a plain name, unlike %j', (name) => {
    const given = [{ name, fileName: undefined, ...empty }]
    expect(() => checkFields(given, imageEdits.form!)).toThrow(
      expect.objectContaining({ status: 400, param: name.slice(0, 128) }),
    )
  })
})
