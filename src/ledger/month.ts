/** The calendar month of an instant in UTC, such as `2026-11`. */
export const monthOf = (at: number) => new Date(at).toISOString().slice(0, 7)

/** When the month begins that is `months` after that of an instant, epoch ms. */
export function monthBegin(at: number, months: number): number {
  const date = new Date(at)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months)
}
