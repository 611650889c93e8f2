// What a panel's settings do to its frames: transformations, then units, names, colours and links of the fields.
import {
  FieldConfigOptionsRegistry,
  FieldType,
  applyFieldOverrides,
  cacheFieldDisplayNames,
  createDataFrame,
  identityOverrideProcessor,
  standardTransformers,
} from '@grafana/data';
import { firstValueFrom, of } from 'rxjs';

/** What the graph's plugin sets where a dashboard says nothing. */
const GRAPH = {
  drawStyle: 'line',
  lineInterpolation: 'linear',
  lineWidth: 1,
  pointSize: 5,
  showPoints: 'auto',
  spanNulls: false,
  axisPlacement: 'auto',
  scaleDistribution: { type: 'linear' },
  stacking: { mode: 'none', group: 'A' },
};

export async function prepared(frames, panel, theme, replaceVariables) {
  const shaped = await transformed(frames, panel.transformations ?? []);
  const ready = applyFieldOverrides({
    data: shaped,
    fieldConfig: withDefaults(panel),
    fieldConfigRegistry: registry(panel),
    replaceVariables,
    theme,
    timeZone: 'utc',
  });
  cacheFieldDisplayNames(ready);
  return ready;
}

function withDefaults(panel) {
  const { defaults, overrides } = panel.fieldConfig;
  const color = defaults.color ?? { mode: panel.type === 'timeseries' ? 'palette-classic' : 'thresholds' };
  const custom = { ...(panel.type === 'timeseries' ? GRAPH : {}), ...defaults.custom };
  const steps = defaults.thresholds?.steps.map((step) => ({ ...step, value: step.value ?? -Infinity }));
  const thresholds = steps ? { ...defaults.thresholds, steps } : { mode: 'absolute', steps: [{ value: -Infinity, color: 'green' }] };
  return { defaults: { ...defaults, color, custom, thresholds }, overrides };
}

async function transformed(frames, steps) {
  let shaped = frames;
  for (const { id, options } of steps) {
    if (id === 'extractFields') {
      shaped = shaped.map((frame) => extracted(frame, options));
    } else if (id === 'organize') {
      const organize = standardTransformers.organizeFieldsTransformer;
      const operator = organize.operator({ ...organize.defaultOptions, ...options }, { interpolate: (text) => text });
      shaped = await firstValueFrom(of(shaped).pipe(operator));
    } else {
      throw new Error(`no such transformation here: ${id}`);
    }
  }
  return shaped;
}

/** Grafana's own lives in its server's front end and in no package. This is the part that the dashboards use. */
function extracted(frame, { source }) {
  const labels = frame.fields.find((field) => field.name === source).values;
  const names = [...new Set(labels.flatMap((each) => Object.keys(each)))];
  const columns = names.map((name) => ({
    name,
    type: FieldType.string,
    config: {},
    values: labels.map((each) => each[name] ?? ''),
  }));
  return createDataFrame({ ...frame, fields: [...frame.fields, ...columns] });
}

/** Every setting that the panel names, taken as it is. */
function registry(panel) {
  const paths = new Set(['custom', 'color', 'thresholds', 'unit', 'links', ...Object.keys(panel.fieldConfig.defaults)]);
  paths.delete('custom');
  const customs = new Set(Object.keys({ ...GRAPH, ...panel.fieldConfig.defaults.custom }));
  for (const { id } of panel.fieldConfig.overrides.flatMap((each) => each.properties)) {
    id.startsWith('custom.') ? customs.add(id.slice('custom.'.length)) : paths.add(id);
  }
  const item = (path, isCustom) => ({
    id: isCustom ? `custom.${path}` : path,
    path,
    name: path,
    isCustom,
    process: identityOverrideProcessor,
    shouldApply: () => true,
  });
  return new FieldConfigOptionsRegistry(() => [
    ...[...paths].map((path) => item(path, false)),
    ...[...customs].map((path) => item(path, true)),
  ]);
}
