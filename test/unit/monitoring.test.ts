import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { SyntaxNode } from '@lezer/common'
import { parser } from '@prometheus-io/lezer-promql'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { metricFamilies } from '../../src/ledger/metrics.ts'
import { ledgerTotals } from '../support/ledger-totals.ts'

const root = resolve(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(resolve(root, file), 'utf8')

/** The labels of each metric as Prometheus stores it. */
const known = new Map<string, ReadonlySet<string>>([['up', new Set(['job', 'instance'])]])
for (const { name, type, labels } of metricFamilies(ledgerTotals(), '1.2.3')) {
  const own = ['job', 'instance', ...labels]
  if (type === 'histogram') {
    known.set(`${name}_bucket`, new Set([...own, 'le']))
    known.set(`${name}_count`, new Set(own))
  } else known.set(name, new Set(own))
}

/** A PromQL expression, parsed. Throws if it cannot be. */
function parsed(expression: string) {
  const text = expression.replaceAll(/\$__(rate_interval|range)/g, '5m')
  const tree = parser.parse(text)
  tree.iterate({
    enter({ type, from }) {
      if (type.isError) throw new Error(`${text} is no PromQL at ${from}`)
    },
  })
  /** The nodes of this kind in a node, itself included. */
  const nodes = (kind: string, within = tree.topNode): SyntaxNode[] => {
    const found: SyntaxNode[] = []
    within.cursor().iterate(({ name, node }) => void (name === kind && found.push(node)))
    return found
  }
  const texts = (kind: string, within?: SyntaxNode) =>
    nodes(kind, within).map(({ from, to }) => text.slice(from, to))
  return { nodes, texts }
}

const metricsIn = (expression: string) => parsed(expression).texts('Identifier')

/** Throws unless an expression is PromQL and names only metrics and labels that exist. */
function check(expression: string): void {
  const { nodes, texts } = parsed(expression)
  if (metricsIn(expression).length === 0) throw new Error(`${expression} names no metric`)
  const scopes = [
    ...nodes('VectorSelector').map((node) => ({ node, labels: texts('LabelName', node) })),
    // `sum by (job) (…)`: each metric in the parentheses has this label.
    ...nodes('AggregateExpr').map((node) => ({
      node,
      labels: node.getChildren('AggregateModifier').flatMap((by) => texts('LabelName', by)),
    })),
  ]
  for (const { node, labels } of scopes) {
    for (const metric of texts('Identifier', node)) {
      const own = known.get(metric)
      if (own === undefined) throw new Error(`no metric ${metric}`)
      for (const label of labels) if (!own.has(label)) throw new Error(`${metric} has no ${label}`)
    }
  }
}

describe('the check of PromQL (controls)', () => {
  it('accepts what the dashboard and the alerts are made of', () => {
    expect(() =>
      check('sum by (job) (rate(edge_llm_cache_requests_total{api!=""}[$__rate_interval])) > 0'),
    ).not.toThrow()
  })

  it.each([
    ['sum(rate(edge_llm_cache_requests_total[5m])', 'is no PromQL'],
    ['rate(edge_llm_cache_requests_total[5 minutes])', 'is no PromQL'],
    ['edge_llm_cache_request_total', 'no metric edge_llm_cache_request_total'],
    ['edge_llm_cache_request_duration_seconds', 'no metric'],
    ['edge_llm_cache_semantic_same_probability_sum', 'no metric'],
    ['edge_llm_cache_judge_calls_total{model="a"}', 'has no model'],
    ['sum by (tenant) (edge_llm_cache_requests_total)', 'has no tenant'],
    ['time() - 1', 'names no metric'],
  ])('refuses %s', (expression, why) => {
    expect(() => check(expression)).toThrow(why)
  })
})

interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly description?: string
  readonly gridPos: {
    readonly x: number
    readonly y: number
    readonly w: number
    readonly h: number
  }
  readonly datasource?: { readonly uid: string }
  readonly interval?: string
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } }
  readonly targets?: readonly {
    readonly expr: string
    readonly datasource: { readonly uid: string }
  }[]
}

describe('infra/grafana/dashboard.json', () => {
  const { panels, templating } = JSON.parse(read('infra/grafana/dashboard.json')) as {
    panels: Panel[]
    templating: { list: { name: string; type: string; query: string | { query: string } }[] }
  }
  const charts = panels.filter(({ type }) => type !== 'row')

  it.each(charts.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr])))(
    'queries metrics and labels that exist: %s',
    (_, expression) => {
      check(expression!)
      expect(expression, 'the chosen gateways only').toContain('job=~"$job"')
    },
  )

  it('lets the reader choose the data source and the gateway', () => {
    const [source, job] = templating.list
    expect(source).toMatchObject({ name: 'datasource', type: 'datasource', query: 'prometheus' })
    const { query } = job!.query as { query: string }
    expect(known.has(/label_values\((\w+), job\)/.exec(query)?.[1] ?? '')).toBe(true)
    for (const { datasource, targets = [] } of charts) {
      const uids = [datasource?.uid, ...targets.map((target) => target.datasource.uid)]
      expect(new Set(uids)).toEqual(new Set(['${datasource}']))
    }
  })

  it('gives each panel a title, a description, a unit and the interval of the scrapes', () => {
    expect(charts.length).toBeGreaterThan(20)
    for (const { title, description, fieldConfig, interval } of charts) {
      expect(title).toBeTruthy()
      expect(description, title).toMatch(/\.$/)
      expect(fieldConfig?.defaults.unit, title).toBeTruthy()
      expect(interval, title).toBe('1m')
    }
  })

  it('has unique ids, and panels that do not overlap', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
    expect(Math.max(...panels.map(({ gridPos: { x, w } }) => x + w))).toBe(24)
  })

  it('shows every metric', () => {
    const shown = new Set(
      charts.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => metricsIn(expr))),
    )
    const missing = metricFamilies(ledgerTotals(), '1.2.3')
      .map(({ name }) => name)
      .filter((name) => ![...shown].some((one) => one.startsWith(name)))
    expect(missing).toEqual([])
  })
})

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly for: string
  readonly labels: { readonly severity: string }
  readonly annotations: Readonly<Record<'summary' | 'description' | 'runbook', string>>
}

const rules = (
  parse(read('infra/prometheus/alerts.yml')) as { groups: { rules: Rule[] }[] }
).groups.flatMap((group) => group.rules)

describe('infra/prometheus/alerts.yml', () => {
  it.each(rules.map((rule) => [rule.alert, rule] as const))(
    'has an expression, a duration, a severity and texts: %s',
    (_, { expr, for: duration, labels, annotations }) => {
      check(expr)
      expect(duration).toMatch(/^\d+m$/)
      expect(['warning', 'critical']).toContain(labels.severity)
      expect(annotations.summary).toBeTruthy()
      expect(annotations.description).toMatch(/\.$/)
    },
  )

  it.each(rules.map(({ alert, annotations }) => [alert, annotations.runbook]))(
    'points to a heading that exists: %s',
    (_, runbook) => {
      const [file = '', anchor] = runbook!.split('#')
      const headings = [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
        heading!
          .toLowerCase()
          .replace(/[^\w\s-]/g, '')
          .replaceAll(' ', '-'),
      )
      expect(headings).toContain(anchor)
    },
  )

  it('are the alerts of docs/operations.md, in the same order', () => {
    const [, section = ''] = read('docs/operations.md').split('\n## Alerts\n')
    const rows = section.split('\n## ')[0]!.matchAll(/^\| `(EdgeLlmCache\w+)` \|/gm)
    expect([...rows].map(([, name]) => name)).toEqual(rules.map(({ alert }) => alert))
  })

  it('all have a test that fires them and one that does not (make test-alerts)', () => {
    const { tests } = parse(read('infra/prometheus/alerts.test.yml')) as {
      tests: { alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }[]
    }
    const checks = tests.flatMap((test) => test.alert_rule_test)
    for (const { alert } of rules) {
      const expected = checks.filter(({ alertname }) => alertname === alert)
      const fires = expected.map(({ exp_alerts: alerts }) => alerts.length > 0)
      expect(new Set(fires), alert).toEqual(new Set([true, false]))
    }
  })
})

describe('infra/prometheus/prometheus.yml', () => {
  it('scrapes with the ADMIN_KEY from a file that git ignores', () => {
    const { rule_files: files, scrape_configs: jobs } = parse(
      read('infra/prometheus/prometheus.yml'),
    ) as {
      rule_files: string[]
      scrape_configs: { job_name: string; authorization: { credentials_file: string } }[]
    }
    expect(files).toEqual(['alerts.yml'])
    expect(jobs).toHaveLength(1)
    const [{ job_name: job, authorization }] = jobs as [(typeof jobs)[0]]
    expect(rules.find(({ expr }) => expr.startsWith('up'))?.expr).toContain(`job="${job}"`)
    const ignored = read('.gitignore').split('\n')
    expect(ignored).toContain(`infra/prometheus/${authorization.credentials_file}`)
  })
})
