import type { ChildProcess } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/** Linux counts CPU time in hundredths of a second (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html). */
const TICK_MICROS = 10_000

/** Whether the system tells what a process uses. */
export const hasProcessStats = existsSync('/proc/self/stat')

/** The CPU time that a process has used so far, µs; NaN where the system doesn't tell. */
export function cpuMicros({ pid }: ChildProcess): number {
  if (!hasProcessStats) return Number.NaN
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name, in parentheses, may have spaces in it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_MICROS
}

/** What a process holds now, or held at most, in MB of 2²⁰ bytes. */
export function memoryMb({ pid }: ChildProcess, field: 'VmRSS' | 'VmHWM'): number {
  if (!hasProcessStats) return Number.NaN
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1_024
}

/** Resets the recorded peak (https://docs.kernel.org/filesystems/proc.html). */
export function resetPeak({ pid }: ChildProcess): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}
