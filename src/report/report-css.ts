import type { Palette } from './charts/chart.ts'
import { dark, light } from './charts/palette.ts'

const variables = ({ background, ink, muted, grid, accent, main }: Palette, panel: string): string =>
  `--background:${background};--panel:${panel};--ink:${ink};--muted:${muted};--line:${grid};--accent:${accent};--main:${main}`

/** Charts are drawn in the colours of the light palette: in the dark each of them becomes its counterpart. */
const darkCharts = (['background', 'ink', 'muted', 'grid', 'accent', 'main'] as const)
  .flatMap((name) =>
    (['fill', 'stroke', 'stop-color'] as const).map(
      (property) =>
        `figure svg [${property}="${light[name]}"],figure svg[${property}="${light[name]}"]{${property}:${dark[name]}}`,
    ),
  )
  .join('\n')

/** The style sheet of the report: light and dark by what the reader's system prefers, light on paper, where no chart is cut by a page. */
export const reportCss = `
:root{color-scheme:light dark;${variables(light, '#f6f7f9')}}
@media screen and (prefers-color-scheme:dark){:root{${variables(dark, '#1a2029')}}
${darkCharts}}
*{box-sizing:border-box}
body{margin:0;background:var(--background);color:var(--ink);font:16px/1.55 Inter,system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif}
header,nav,main,footer{max-width:64rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2.5rem}
h1{font-size:2.1rem;line-height:1.2;margin:0 0 .5rem}
h2{font-size:1.5rem;line-height:1.25;margin:3rem 0 1rem;padding-top:1.25rem;border-top:1px solid var(--line)}
h3{font-size:1.1rem;line-height:1.35;margin:2.25rem 0 .35rem}
p{margin:.35rem 0 .9rem;max-width:44rem}
a{color:var(--main)}
a:focus-visible,[tabindex]:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:1rem;padding:.5rem 1rem;background:var(--panel)}
.lede{font-size:1.1rem}
.quiet,figcaption p,dd span{color:var(--muted);font-size:.9rem}
.sample{border:2px solid var(--accent);border-radius:.5rem;padding:.75rem 1rem;max-width:none;font-weight:600}
nav ol{columns:18rem;column-gap:2.5rem;padding-left:1.25rem;margin:.5rem 0}
nav li{break-inside:avoid}
nav h2{font-size:1rem;margin:1.5rem 0 .25rem;padding:0;border:0}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:1rem;margin:0}
dl div{background:var(--panel);border:1px solid var(--line);border-radius:.6rem;padding:.9rem 1.1rem;break-inside:avoid}
dt{color:var(--muted);font-size:.9rem}
dd{margin:0;font-size:1.9rem;font-weight:650;line-height:1.25;font-variant-numeric:tabular-nums}
dd span{display:block;font-weight:400;line-height:1.35}
figure{margin:2.5rem 0;break-inside:avoid}
figcaption h3{margin:0 0 .15rem}
figcaption p{margin:0 0 .75rem;max-width:none}
.scroll{overflow-x:auto}
figure svg{display:block;width:100%;min-width:38rem;height:auto}
.tables{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,25rem),1fr));gap:1.5rem 2rem;align-items:start}
@media screen{.wide table{min-width:40rem}}
table{border-collapse:collapse;width:100%;font-size:.9rem}
caption{text-align:left;font-weight:600;padding:.9rem 0 .35rem}
th,td{text-align:left;vertical-align:top;padding:.3rem 1.1rem .3rem 0;border-bottom:1px solid var(--line);font-weight:400;overflow-wrap:break-word}
thead th{color:var(--muted);font-size:.82rem;vertical-align:bottom}
.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
thead .number{white-space:normal}
th:last-child,td:last-child{padding-right:0}
tr{break-inside:avoid}
footer{margin-top:3rem;padding-top:1rem;padding-bottom:3rem;color:var(--muted);font-size:.9rem}
@media(max-width:40rem){body{font-size:15px}h1{font-size:1.7rem}dl{grid-template-columns:1fr 1fr;gap:.6rem}dl div{padding:.7rem .8rem}dd{font-size:1.4rem}}
@media print{@page{margin:16mm 14mm}body{font-size:10.5pt}header,nav,main,footer{max-width:none;padding-left:0;padding-right:0}header{padding-top:0}
.skip{display:none}h2,h3,h3+p,caption{break-after:avoid}.tables>div{break-inside:avoid}h2{margin-top:1.5rem}section{break-before:auto}.scroll{overflow:visible}figure svg{min-width:0;max-height:200mm}footer{margin-top:1rem;padding-bottom:0}
figure{margin:1.25rem 0}table{font-size:8.5pt}thead{display:table-header-group}a{color:inherit;text-decoration:none}dl{grid-template-columns:repeat(3,1fr);gap:.6rem}dd{font-size:16pt}.tables{grid-template-columns:1fr 1fr}}
`
