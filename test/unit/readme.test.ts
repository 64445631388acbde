import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const read = (file: string) => readFileSync(resolve(import.meta.dirname, '../..', file), 'utf8')
const readme = read('README.md')
const makefile = read('Makefile')

/** The size of a PNG (https://www.w3.org/TR/png-3/#11IHDR). */
function pngSize(file: string): { width: number; height: number; bytes: number } {
  const png = readFileSync(resolve(import.meta.dirname, '../..', file))
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n')
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20), bytes: png.length }
}

describe('README.md', () => {
  it('shows the dashboard in light and dark, in the size that it says', () => {
    const images = [...readme.matchAll(/docs\/images\/[\w-]+\.png/g)].map(([file]) => file)
    expect(images).toEqual(['docs/images/dashboard-dark.png', 'docs/images/dashboard-light.png'])
    const [, width, height] = /<img [^>]*width="(\d+)" height="(\d+)"/.exec(readme)!
    for (const image of images) {
      const size = pngSize(image)
      expect([size.width, size.height], image).toEqual([Number(width), Number(height)])
      expect(size.bytes, image).toBeLessThan(200_000)
    }
  })

  it('names only make targets and scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    for (const [, target] of readme.matchAll(/`make ([a-z-]+)/g)) {
      expect(makefile).toMatch(new RegExp(`^${target}:`, 'm'))
    }
    for (const [, script] of readme.matchAll(/`npm run ([a-z-]+)/g)) {
      expect(Object.keys(scripts)).toContain(script)
    }
  })
})
