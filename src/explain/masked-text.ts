/** Stands for a masked word. */
const MASK = '\0'

/** Words, with the hyphens and underscores inside them: an id is one word. */
const WORD = /[\p{L}\p{N}]+(?:[-_][\p{L}\p{N}]+)*/gu

const hasDigit = (word: string) => /\p{N}/u.test(word)

/**
 * A text without the words that tend to change from request to request although nothing else does:
 * those with a digit (numbers, times, dates, UUIDs and other ids), names of months and weekdays, am
 * and pm. Line breaks stay where they are.
 */
export function masked(text: string): string {
  const names = calendarNames()
  return text.replace(WORD, (word) => (hasDigit(word) || names.has(word) ? MASK : word))
}

/** In other languages, a name of a month or weekday is a word like any other. */
const LANGUAGES = ['en', 'de', 'es', 'fr', 'it', 'nl', 'pt']

/** Made when it is first needed, because a format takes a while to make. */
let known: ReadonlySet<string> | undefined

function calendarNames(): ReadonlySet<string> {
  return (known ??= new Set(LANGUAGES.flatMap(namesIn)))
}

/** Midnight in each month, and noon on each day of a week. */
const MONTHS = Array.from({ length: 12 }, (_, month) => Date.UTC(2024, month))
const WEEKDAYS = Array.from({ length: 7 }, (_, day) => Date.UTC(2024, 0, 1 + day, 12))

/** The names of months, weekdays and halves of the day, as the platform writes them in dates. */
function namesIn(language: string): string[] {
  // The short names of other languages are everyday words, such as "so" and "mar".
  const styles = language === 'en' ? (['long', 'short'] as const) : (['long'] as const)
  return styles.flatMap((style) => {
    const format = new Intl.DateTimeFormat(language, {
      weekday: style,
      month: style,
      day: 'numeric',
      hour: 'numeric',
      hour12: true,
      timeZone: 'UTC',
    })
    return [...MONTHS, ...WEEKDAYS]
      .flatMap((date) => format.formatToParts(date))
      .filter(({ type }) => type === 'month' || type === 'weekday' || type === 'dayPeriod')
      .map(({ value }) => value)
  })
}
