import type { DrawnPanel } from './drawn-panel.js';

/**
 * A page that draws panels as Grafana lays them out: 24 columns, rows of 30 pixels. Where Grafana would scroll, a row is as high as
 * what is in it: a picture shows everything. Needs uPlot's script and style.
 */
export function pageOf(title: string, panels: readonly DrawnPanel[], uplot: { script: string; style: string }): string {
  return `<!doctype html><meta charset="utf-8"><title>${title}</title><style>${uplot.style}
body { margin: 0; background: #f4f5f5; font: 12px sans-serif; color: #24292e; }
#board { display: grid; grid-template-columns: repeat(24, 60px); grid-auto-rows: minmax(30px, auto); width: 1440px; padding-bottom: 20px; }
.panel { box-sizing: border-box; min-width: 0; padding: 6px 8px; background: #fff; border: 1px solid #ddd; }
.row { border: 0; background: none; font-weight: bold; font-size: 14px; }
h2 { font-size: 12px; margin: 0 0 4px; }
.big { font-size: 28px; text-align: center; line-height: 70px; }
.none { color: #5c6773; text-align: center; line-height: 60px; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: 2px 8px; border-bottom: 1px solid #eee; }
.right { display: flex; gap: 8px; } .right .legend { flex: 1; min-width: 0; font-size: 11px; }
.legend span { margin-right: 12px; white-space: nowrap; } .right .legend span { display: flex; white-space: normal; } .legend i { display: inline-block; width: 10px; height: 3px; margin-right: 4px; vertical-align: middle; } .right .legend i { flex: none; margin-top: 6px; }
.legend td, .legend th { padding: 1px 4px; border: 0; overflow-wrap: anywhere; } .legend td:last-child, .legend th:last-child { text-align: right; white-space: nowrap; }
.states td { padding: 1px 4px; border: 0; } .states td:first-child { width: 290px; } .states svg { display: block; }
</style><div id="board"></div><script>${uplot.script}</script><script>
const panels = ${JSON.stringify(panels).replaceAll('<', '\\u003c')};
(${draw.toString()})(panels);
</script>`;
}

/** Runs in the browser. */
function draw(panels: readonly DrawnPanel[]): void {
  /* eslint-disable */
  const scope = globalThis as any;
  const { document, uPlot } = scope;
  const colours = [
    '#3274d9',
    '#e0752d',
    '#37872d',
    '#a352cc',
    '#c4162a',
    '#1f9c9c',
    '#8f6f00',
    '#5c6773',
    '#e05fa8',
    '#7b9e00',
  ];
  const board = document.getElementById('board');
  const element = (tag: string, text: string, name = ''): any => {
    const made = document.createElement(tag);
    made.textContent = text;
    made.className = name;
    return made;
  };
  for (const panel of panels) {
    const { x, y, w, h } = panel.place;
    const box = element('div', '', panel.kind === 'row' ? 'panel row' : 'panel');
    box.style.cssText = `grid-area:${y + 1}/${x + 1}/span ${h}/span ${w}`;
    board.append(box);
    box.append(element('h2', panel.title));
    if (panel.kind === 'row') continue;
    if (panel.empty) {
      box.append(element('div', 'No data', 'none'));
      continue;
    }
    if (panel.kind === 'stat') box.append(Object.assign(element('div', panel.texts.join(', '), 'big'), {}));
    if (panel.kind === 'stat' && panel.colour) box.lastChild.style.color = panel.colour;
    if (panel.kind === 'table') {
      const table = element('table', '');
      for (const [index, cells] of panel.rows.entries()) {
        const row = element('tr', '');
        for (const cell of cells) row.append(element(index === 0 ? 'th' : 'td', cell));
        table.append(row);
      }
      box.append(table);
    }
    if (panel.kind === 'states') {
      const table = element('table', '', 'states');
      const width = w * 60 - 330;
      for (const { legend, spans } of panel.series) {
        const row = element('tr', '');
        row.append(element('td', legend));
        const cell = element('td', '');
        cell.innerHTML = `<svg width="${width}" height="14">${spans
          .map(
            ({ from, to, colour }) =>
              `<rect x="${from * width}" y="0" width="${(to - from) * width}" height="14" fill="${colour}"/>`,
          )
          .join('')}</svg>`;
        row.append(cell);
        table.append(row);
      }
      box.append(table);
    }
    if (panel.kind === 'lines') {
      const { unit } = panel;
      const isRight = panel.legend === 'right';
      const area = element('div', '', isRight ? 'right' : '');
      box.append(area);
      new uPlot(
        {
          width: (w * 60 - 20) * (isRight ? 0.6 : 1),
          height: h * 30 - (isRight ? 34 : 64),
          legend: { show: false },
          cursor: { show: false },
          scales: {
            y: {
              range: (_: unknown, low: number, high: number) => [
                Math.min(0, low),
                high <= 0 && low >= 0 ? 1 : Math.max(0, high * 1.05),
              ],
            },
          },
          axes: [
            {},
            { size: 70, values: (_: unknown, ticks: number[]) => ticks.map((tick) => scope.format(tick, unit)) },
          ],
          series: [
            {},
            ...panel.series.map(({ look }, index) => ({
              ...{ stroke: look?.colour ?? colours[index % colours.length], width: 1, spanGaps: false },
              ...(look === null ? {} : { dash: look.dash }),
            })),
          ],
        },
        [panel.times, ...panel.series.map(({ values }) => values)],
        area,
      );
      const item = (text: string, index: number): any => {
        const made = element('span', '');
        const mark = element('i', '');
        mark.style.background = panel.series[index]?.look?.colour ?? colours[index % colours.length];
        made.append(mark, text);
        return made;
      };
      const legend = element('div', '', 'legend');
      if (isRight) {
        const table = element('table', '');
        const named = panel.series.map(({ legend: text, values }, index) => ({
          ...{ text, index },
          last: values.findLast((value) => value !== null) ?? null,
        }));
        named.sort((a, b) => (b.last ?? 0) - (a.last ?? 0));
        for (const { text, index, last } of named) {
          const row = element('tr', '');
          const name = element('td', '');
          name.append(item(text, index));
          row.append(name, element('td', last === null ? '' : scope.format(last, unit)));
          table.append(row);
        }
        legend.append(table);
      } else for (const [index, { legend: text }] of panel.series.entries()) legend.append(item(text, index), ' ');
      (isRight ? area : box).append(legend);
    }
  }
}
