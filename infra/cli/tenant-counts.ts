/** How many entries each tenant has. */
export class TenantCounts {
  private readonly counts = new Map<string, number>()

  add(tenant: string, entries: number): void {
    this.counts.set(tenant, (this.counts.get(tenant) ?? 0) + entries)
  }

  get total(): number {
    return this.list().reduce((sum, { entries }) => sum + entries, 0)
  }

  list(): { readonly tenant: string; readonly entries: number }[] {
    return Array.from(this.counts, ([tenant, entries]) => ({ tenant, entries }))
  }

  /** For people, one line each. */
  lines(): string[] {
    return this.list().map(({ tenant, entries }) => `  ${entries} of tenant ${tenant}`)
  }
}
