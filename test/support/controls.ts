import type { Controls } from '../../src/cache/controls.ts'

/** The controls of a request without cache controls. */
export const plainControls: Controls = {
  read: true,
  store: true,
  maxAgeSeconds: undefined,
  minFreshSeconds: undefined,
  maxStaleSeconds: undefined,
  staleIfErrorSeconds: undefined,
  ttlSeconds: 1_800,
  onlyIfCached: false,
  semantic: true,
  namespace: '',
  tags: [],
}
