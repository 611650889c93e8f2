// Answers of the data sources, as the frames that Grafana's own data sources make of them.
import { FieldType, createDataFrame } from '@grafana/data';

const LABEL = /\{\{\s*(\w+)\s*\}\}/g;

/** The frames of one query's answer. */
export function framesOf(query) {
  switch (query.form) {
    case 'range':
      return query.series.map((one) => rangeFrame(one, query));
    case 'instant':
      return query.series.map((one) => lineFrame(one, query, [one.value]));
    case 'table':
      return [tableFrame(query)];
    case 'rows':
      return [rowsFrame(query)];
    default:
      throw new Error(`no such form: ${query.form}`);
  }
}

function rangeFrame(one, query) {
  const seen = new Map(one.values);
  const points = [];
  for (let at = one.values[0][0]; at <= one.values.at(-1)[0]; at += query.step) {
    points.push([at, seen.get(at) ?? null]); // a step without a value is a gap
  }
  return lineFrame(one, query, points);
}

function lineFrame(one, query, points) {
  const name = query.legend ? query.legend.replace(LABEL, (_, label) => one.metric[label] ?? '') : undefined;
  return createDataFrame({
    refId: query.refId,
    fields: [
      { name: 'Time', type: FieldType.time, values: points.map(([at]) => at * 1000) },
      {
        name: 'Value',
        type: FieldType.number,
        labels: one.metric,
        config: { displayNameFromDS: name?.trim() },
        values: points.map(([, value]) => finite(value)),
      },
    ],
  });
}

/** A graph has a gap where there is no number, as where nothing was measured. */
function finite(value) {
  const number = value === null ? NaN : Number(value);
  return Number.isFinite(number) ? number : null;
}

function tableFrame(query) {
  const labels = [...new Set(query.series.flatMap((one) => Object.keys(one.metric)))].sort();
  return createDataFrame({
    refId: query.refId,
    fields: [
      { name: 'Time', type: FieldType.time, values: query.series.map((one) => one.value[0] * 1000) },
      ...labels.map((label) => ({
        name: label,
        type: FieldType.string,
        config: { filterable: true },
        values: query.series.map((one) => one.metric[label] ?? ''),
      })),
      { name: 'Value', type: FieldType.number, values: query.series.map((one) => Number(one.value[1])) },
    ],
  });
}

/** Rows of a log or of spans: the columns are given, with their types. */
function rowsFrame(query) {
  return createDataFrame({
    refId: query.refId,
    fields: query.columns.map(({ name, type }, index) => ({ name, type, values: query.rows.map((row) => row[index]) })),
  });
}
