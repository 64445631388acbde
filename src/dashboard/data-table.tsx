import { hrefOf } from './view.ts'
import type { View } from './view.ts'
import { isNumeric, plain, textOf } from './table.ts'
import type { Cell, Column, Table } from './table.ts'

/** A table that scrolls in its card, with its CSV and what its columns mean. */
export const DataTable = ({ table, view }: { table: Table; view: View }) => (
  <>
    <div class="scroll" role="group" aria-label={table.caption} tabindex={0}>
      <table id={`table-${table.name}`}>
        <caption class="hidden">{table.caption}</caption>
        <thead>
          <tr>
            {table.columns.map(({ title, kind }) => (
              <th scope="col" class={isNumeric(kind) ? 'number' : ''}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr>
              {row.map((value, at) => (
                <DataCell value={value} column={table.columns[at]!} isHead={at === 0} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
    <div class="below">
      <Definitions columns={table.columns} />
      <a class="csv" href={hrefOf(`/dashboard/export/${table.name}.csv`, view)} download>
        CSV<span class="hidden"> of {table.caption.toLowerCase()}</span>
      </a>
    </div>
  </>
)

const DataCell = ({ value, column, isHead }: { value: Cell; column: Column; isHead: boolean }) => {
  const { kind, href } = column
  const link = href?.(value)
  const text = <Value value={value} column={column} />
  const content = link === undefined ? text : <a href={link}>{text}</a>
  const look = isNumeric(kind) ? 'number' : kind
  return isHead ? (
    <th scope="row" class={look}>
      {content}
    </th>
  ) : (
    <td class={look}>{content}</td>
  )
}

const Value = ({ value, column: { kind } }: { value: Cell; column: Column }) => {
  const text = textOf(value, kind)
  if (kind === 'outcome' && value !== null) {
    return (
      <>
        <span class={`swatch is-${String(value)}`} aria-hidden="true"></span> {text}
      </>
    )
  }
  if (kind === 'instant' && value !== null) {
    return <time datetime={new Date(Number(value)).toISOString()}>{text}</time>
  }
  // Long names are cut to fit, and digests shortened.
  if (kind === 'code' && value !== null) return <span title={String(value) || text}>{text}</span>
  return typeof value === 'number' ? <data value={plain(value)}>{text}</data> : <>{text}</>
}

const Definitions = ({ columns }: { columns: readonly Column[] }) => {
  const defined = columns.filter(({ definition }) => definition !== undefined)
  if (defined.length === 0) return <span></span>
  return (
    <details>
      <summary>What the columns mean</summary>
      <dl>
        {defined.map(({ title, definition }) => (
          <>
            <dt>{title}</dt>
            <dd>{definition}</dd>
          </>
        ))}
      </dl>
    </details>
  )
}
