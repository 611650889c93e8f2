// Draws `window.BOARD` (a dashboard and the answers to its queries) and reports in `window.REPORT` what became of it.
import '@fontsource/inter/400.css';
import '@fontsource/inter/500.css';
import { createTheme, dateTime, locationUtil, setTimeZoneResolver } from '@grafana/data';
import { ErrorBoundary, GlobalStyles, ThemeContext } from '@grafana/ui';
import { createRoot } from 'react-dom/client';
import { framesOf } from './frames.js';
import { Panel } from './panels.jsx';
import { prepared } from './settings.js';

const COLUMNS = 24;
const CELL = 30;
const GAP = 8;
const WIDTH = 1400;
const STYLE = `
  body { width: ${WIDTH + 4 * GAP}px; overflow: auto; background: #111217; }
  #page { padding: ${2 * GAP}px; }
  .choices { display: flex; gap: 16px; margin-bottom: 12px; font-size: 12px; align-items: center; }
  .choices h1 { font-size: 16px; font-weight: 500; margin: 0 12px 0 0; }
  .choices b { font-weight: 500; background: #22252b; padding: 4px 8px; margin-right: 0; border-radius: 2px; }
  .choices i { font-style: normal; background: #181b1f; padding: 4px 8px; border-radius: 2px; }
  .grid { position: relative; width: ${WIDTH}px; }
  .grid > * { position: absolute; }
  .row { font-size: 15px; font-weight: 500; padding-top: 4px; }
  .nothing { display: flex; height: 100%; align-items: center; justify-content: center; font-size: 16px; color: #9a9ca5; }
`;

const theme = createTheme({ colors: { mode: 'dark' } });
const errors = {};

function replaced(board, variables) {
  return (text, scoped) =>
    text.replace(/\$\{([\w.]+)(?::\w+)?\}|\$(\w+)/g, (whole, inside, bare) => {
      const [name, ...path] = (inside ?? bare).split('.');
      const found = ofTheCell(name, scoped) ?? variables[name];
      const value = path.reduce((at, key) => at?.[key], found);
      return value === undefined ? whole : String(value);
    });
}

/** What a link may say of the cell or the line that it is in. */
function ofTheCell(name, scoped) {
  const { field, rowIndex } = scoped?.__dataContext?.value ?? {};
  if (field && name === '__field') {
    return { name: field.name, labels: field.labels };
  }
  return field && name === '__value' ? { text: field.values[rowIndex], raw: field.values[rowIndex] } : undefined;
}

function box({ x = 0, y = 0, w, h }) {
  const column = (WIDTH + GAP) / COLUMNS;
  return { left: x * column, top: y * (CELL + GAP), width: w * column - GAP, height: h * (CELL + GAP) - GAP };
}

function Board({ dashboard, drawn, variables, timeRange }) {
  const bottom = Math.max(...dashboard.panels.map(({ gridPos }) => gridPos.y + gridPos.h));
  return (
    <>
      <style>{STYLE}</style>
      <div className="choices">
        <h1>{dashboard.title}</h1>
        {dashboard.templating.list.map(({ name, label }) => (
          <span key={name}>
            <b>{label}</b>
            <i>{variables[name]}</i>
          </span>
        ))}
      </div>
      <div className="grid" style={{ height: bottom * (CELL + GAP) }}>
        {dashboard.panels.map((panel) => {
          const place = box(panel.gridPos);
          return (
            <div key={panel.id} id={`panel-${panel.id}`} style={place}>
              {panel.type === 'row' ? (
                <div className="row">{panel.title}</div>
              ) : (
                <ErrorBoundary onError={(error) => (errors[panel.id] = String(error))}>
                  {({ error }) =>
                    error ? (
                      String(error)
                    ) : (
                      <Panel
                        panel={panel}
                        frames={drawn[panel.id]}
                        width={place.width}
                        height={place.height}
                        timeRange={timeRange}
                        theme={theme}
                        replaceVariables={replaced(dashboard, variables)}
                      />
                    )
                  }
                </ErrorBoundary>
              )}
            </div>
          );
        })}
      </div>
    </>
  );
}

function linksOf(frames) {
  return frames.flatMap((frame) =>
    frame.fields.flatMap((field) =>
      field.config.links?.length && frame.length && field.type !== 'time'
        ? [{ field: field.name, href: field.getLinks({ valueRowIndex: 0 })[0].href }]
        : [],
    ),
  );
}

async function main({ dashboard, answers, variables, from, to }) {
  const range = { from: dateTime(from), to: dateTime(to) };
  const timeRange = { ...range, raw: range };
  setTimeZoneResolver(() => 'utc');
  locationUtil.initialize({
    config: { appSubUrl: '' },
    getVariablesUrlParams: () => ({}),
    getTimeRangeForUrl: () => ({ from: String(from), to: String(to) }),
  });
  const values = { ...variables, __url_time_range: `from=${from}&to=${to}`, __from: String(from), __to: String(to) };
  const drawn = {};
  for (const panel of dashboard.panels.filter(({ type }) => type !== 'row')) {
    const frames = answers[panel.id].flatMap(framesOf);
    drawn[panel.id] = await prepared(frames, panel, theme, replaced(dashboard, values));
  }
  createRoot(document.getElementById('page')).render(
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <Board {...{ dashboard, drawn, timeRange }} variables={variables} />
    </ThemeContext.Provider>,
  );
  await document.fonts.ready;
  await new Promise((done) => setTimeout(done, 1500));
  return dashboard.panels
    .filter(({ type }) => type !== 'row')
    .map(({ id, type, title }) => {
      const element = document.getElementById(`panel-${id}`);
      return {
        title,
        type,
        error: errors[id] ?? '',
        text: element.innerText,
        canvases: element.querySelectorAll('canvas').length,
        rows: element.querySelectorAll('[role=row]').length,
        links: linksOf(drawn[id]),
      };
    });
}

window.REPORT = main(window.BOARD);
