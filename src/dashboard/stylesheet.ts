import { sha256 } from '../cache/key.ts'
import { PALETTE } from './palette.ts'

/** Spaces are multiples of 4 px; text is the reader's system font. */
const LAYOUT = `
*{box-sizing:border-box}
html{font:16px/1.5 system-ui,sans-serif;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--text)}
h1,h2,h3,p,dl,dd,ul,pre{margin:0;padding:0}
ul{list-style:none}
h1{font-size:1.5rem;line-height:1.25;font-weight:650;letter-spacing:-.01em;overflow-wrap:anywhere}
h2{font-size:1.0625rem;font-weight:650}
h3{font-size:.9375rem;font-weight:600;margin-bottom:8px}
a{color:var(--accent);text-underline-offset:2px}
code,pre,.code,.id{font-family:ui-monospace,monospace;font-size:.875em}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:4px}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:16px;top:-60px;background:var(--accent);color:var(--on-accent);padding:8px 16px;border-radius:0 0 8px 8px;z-index:1}
.skip:focus{top:0}
main{max-width:1440px;margin:0 auto;padding:24px 16px 48px}
.top{display:flex;flex-wrap:wrap;align-items:center;gap:8px 16px;padding:12px 16px;background:var(--card);border-bottom:1px solid var(--border)}
.brand{display:flex;align-items:center;gap:12px;margin-right:auto;color:var(--text);font-weight:650;text-decoration:none}
.top form{display:flex}
@media (max-width:480px){.badge{order:1}}
.badge{padding:4px 12px;text-decoration:none;border-radius:999px;font-size:.875rem;font-weight:600}
.badge::before{content:"";display:inline-block;width:8px;height:8px;margin-right:8px;border-radius:50%;background:currentColor}
.badge.ok{color:var(--good);background:var(--good-surface)}
.badge.bad{color:var(--bad);background:var(--bad-surface)}
.intro{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:baseline;gap:4px 24px;margin-bottom:16px}
.intro p,.lead,.unit,.note,.below,.fold,.facts dt{color:var(--muted);font-size:.875rem}
.grid{display:grid;gap:16px;margin-top:16px}
.card{background:var(--card);border:1px solid var(--border);border-radius:12px;padding:16px;min-width:0}
.lead{margin-bottom:12px}
.notice,.empty,.problem{padding:16px;border-radius:8px;background:var(--raised);margin-top:12px}
.empty pre{margin-top:12px;overflow-x:auto;white-space:pre}
.problem,.notice{background:var(--bad-surface);color:var(--bad)}
@media (min-width:700px){main{padding:24px 24px 64px}.card{padding:20px}.top{padding:12px 24px}}
@media (max-width:999px){.columns>*+*{margin-top:20px}}
@media (min-width:1000px){.grid{grid-template-columns:1fr 1fr}.card:not(.half){grid-column:1/-1}.columns{display:grid;grid-template-columns:1fr 1fr;gap:32px}}
`

const CONTROLS = `
button,input{font:inherit;color:inherit}
button{padding:6px 16px;min-height:36px;border:1px solid var(--accent);border-radius:8px;background:var(--accent);color:var(--on-accent);font-weight:600;cursor:pointer}
button.quiet{padding:4px 12px;font-size:.875rem;background:none;color:var(--accent);border-color:var(--border)}
button:hover{filter:brightness(1.1)}
input{padding:6px 12px;min-height:36px;border:1px solid var(--muted);border-radius:8px;background:var(--card);min-width:0}
label{font-size:.875rem;color:var(--muted)}
.filters{display:flex;flex-wrap:wrap;gap:12px 24px;align-items:center;justify-content:space-between}
.tenant{display:flex;flex-wrap:wrap;gap:8px;align-items:center;flex:1 1 280px}
.tenant input{flex:1 1 120px;max-width:320px}
.choices{display:flex;flex-wrap:wrap;align-items:center;gap:8px;font-size:.875rem;color:var(--muted)}
.choices ul{display:flex;flex-wrap:wrap;border:1px solid var(--border);border-radius:8px;overflow:hidden;background:var(--card)}
.choices a{display:block;padding:7px 11px;color:var(--text);text-decoration:none}
.choices li+li a{border-left:1px solid var(--border)}
.choices a:hover{background:var(--raised)}
.choices a:focus-visible{outline-offset:-3px}
.choices a[aria-current]{background:var(--accent);color:var(--on-accent);font-weight:600}
.login{max-width:400px;margin:8vh auto 0;display:grid;gap:12px}
.login .problem{margin:0}
`

const NUMBERS = `
.headlines{display:grid;gap:12px;grid-template-columns:repeat(auto-fill,minmax(min(100%,160px),1fr));margin-top:16px}
@media (min-width:700px){.headlines{grid-template-columns:repeat(3,1fr)}}
@media (min-width:1200px){.headlines{grid-template-columns:repeat(6,1fr);gap:16px}}
.headline{display:flex;flex-direction:column;gap:4px;background:var(--card);border:1px solid var(--border);border-radius:12px;padding:16px;min-width:0}
.headline dt{font-size:.875rem;font-weight:600;color:var(--muted)}
.headline .value{font-size:clamp(1.25rem,5.6vw,1.5rem);line-height:1.2;font-weight:650;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
.headline .of{font-size:.875rem;font-weight:500;color:var(--muted);letter-spacing:0}
.headline .note{font-size:.8125rem}
.headline .curve{margin-top:auto;padding-top:8px}
.headline.bad .value{color:var(--bad)}
.facts{display:grid;gap:12px 24px;grid-template-columns:repeat(auto-fit,minmax(min(100%,180px),1fr));margin:12px 0}
.scroll{overflow-x:auto;background:linear-gradient(to right,var(--card) 50%,transparent) 0 0/32px 100% no-repeat local,linear-gradient(to left,var(--card) 50%,transparent) 100% 0/32px 100% no-repeat local,linear-gradient(to right,var(--shadow),transparent) 1px 1px/16px calc(100% - 2px) no-repeat,linear-gradient(to left,var(--shadow),transparent) calc(100% - 1px) 1px/16px calc(100% - 2px) no-repeat}
table{border-collapse:collapse;width:100%;font-size:.875rem;font-variant-numeric:tabular-nums}
th,td{padding:7px 12px;text-align:left;border-bottom:1px solid var(--border);white-space:nowrap}
.half th,.half td{padding:7px 8px}
th:first-child,td:first-child,.half th:first-child{padding-left:4px}
thead th{color:var(--muted);font-weight:600}
tbody th{font-weight:500}
tbody tr:last-child>*{border-bottom:0}
tbody tr:hover>*{background:var(--raised)}
th.number,td.number{text-align:right}
th.code,td.code{max-width:220px;overflow:hidden;text-overflow:ellipsis}
@media (max-width:600px){th,td{padding:7px 8px}th.code,td.code{max-width:136px}}
.prose{white-space:normal;min-width:24ch}
.below{display:flex;justify-content:space-between;align-items:flex-start;gap:16px;margin-top:12px}
.below dl,.fold>*+*{margin-top:8px}
.below dt{color:var(--text);font-weight:600}
.below dd{margin-bottom:8px;max-width:70ch}
summary{cursor:pointer;width:fit-content}
.fold{margin-top:12px}
`

const CHARTS = `
.chart{margin:8px 0 4px}
.unit{margin-bottom:4px}
.plot{display:flex}
.plot svg{display:block;overflow:visible}
.plot .scale{flex:none}
.plot .bars{flex:1 1 0;min-width:0}
.plot text{font-size:12px;fill:var(--muted);text-anchor:middle}
.scale text{text-anchor:end}
.grid-line{stroke:var(--border)}
.bars rect,.share-bar rect{fill:var(--series)}
.bars .hint{fill:var(--text);fill-opacity:0}
.bars .hint:hover{fill-opacity:.1}
@media (max-width:600px){.minor{display:none}}
.mark line{stroke:var(--text);stroke-width:2;stroke-dasharray:4 4}
.plot .mark text{text-anchor:end;fill:var(--text);font-weight:600}
.range line{stroke:var(--series);stroke-width:4;stroke-linecap:round}
.range circle{fill:var(--series);stroke:var(--card);stroke-width:2}
.share-bar{display:block;border-radius:6px;background:var(--raised);margin:8px 0 12px}
.share-bar rect{stroke:var(--card);stroke-width:1}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:.875rem;margin-bottom:8px}
.swatch{display:inline-block;width:12px;height:12px;border-radius:3px;background:var(--series);margin-right:4px;vertical-align:-1px}
.sparkline{display:block;width:100%;height:28px}
.sparkline polygon{fill:var(--accent);fill-opacity:.14}
.sparkline polyline{fill:none;stroke:var(--accent);stroke-width:1.5;vector-effect:non-scaling-stroke}
`

/** The stylesheet of all pages. */
export const STYLESHEET = `${PALETTE}${LAYOUT}${CONTROLS}${NUMBERS}${CHARTS}`

/** Changes whenever the stylesheet does. */
export const styleVersion = async (): Promise<string> => (await sha256(STYLESHEET)).slice(0, 12)
