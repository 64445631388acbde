import { rangeNames, ranges, refreshSeconds, hrefOf } from './view.ts'
import type { View } from './view.ts'
import { duration } from './format.ts'

/** The controls of the page: links and a form, so that its state is in its URL. */
export const Filters = ({ view, tenants }: { view: View; tenants: readonly string[] }) => (
  <div class="filters">
    <nav aria-label="Time range">
      <Choices
        label="Last"
        choices={rangeNames.map((range) => ({
          text: range,
          name: ranges[range].label,
          href: hrefOf('/dashboard', view, { range }),
          isCurrent: range === view.range,
        }))}
      />
    </nav>
    <form class="tenant" action="/dashboard" method="get" role="search" aria-label="Tenant filter">
      <input type="hidden" name="range" value={view.range} />
      {view.refresh === undefined ? null : (
        <input type="hidden" name="refresh" value={String(view.refresh)} />
      )}
      <label for="tenant">Tenant</label>
      <input
        id="tenant"
        name="tenant"
        value={view.tenant ?? ''}
        list="tenants"
        placeholder="all"
        maxlength={512}
        autocomplete="off"
        spellcheck={false}
      />
      <datalist id="tenants">
        {tenants.map((tenant) => (
          <option value={tenant}></option>
        ))}
      </datalist>
      <button type="submit">Show</button>
      {view.tenant === undefined ? null : (
        <a href={hrefOf('/dashboard', view, { tenant: undefined })}>All tenants</a>
      )}
    </form>
    <nav aria-label="Automatic reload">
      <Choices
        label="Reload"
        choices={[
          {
            text: 'off',
            name: 'never',
            href: hrefOf('/dashboard', view, { refresh: undefined }),
            isCurrent: view.refresh === undefined,
          },
          ...refreshSeconds.map((refresh) => ({
            text: duration(refresh * 1000),
            name: `every ${duration(refresh * 1000)}`,
            href: hrefOf('/dashboard', view, { refresh }),
            isCurrent: refresh === view.refresh,
          })),
        ]}
      />
    </nav>
  </div>
)

interface Choice {
  readonly text: string
  /** Its name for a screen reader. */
  readonly name: string
  readonly href: string
  readonly isCurrent: boolean
}

const Choices = ({ label, choices }: { label: string; choices: readonly Choice[] }) => (
  <div class="choices">
    <span aria-hidden="true">{label}</span>
    <ul>
      {choices.map(({ text, name, href, isCurrent }) => (
        <li>
          <a href={href} title={name} aria-current={isCurrent ? 'true' : undefined}>
            {text}
          </a>
        </li>
      ))}
    </ul>
  </div>
)
