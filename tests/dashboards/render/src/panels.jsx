// One panel, drawn by the component that Grafana draws it with.
import { FieldType, getFieldDisplayValues } from '@grafana/data';
import { BigValue, PanelChrome, TimeSeries } from '@grafana/ui';
import { TableNG } from '@grafana/ui/unstable';

const KINDS = { timeseries: Lines, stat: Figure, table: Rows };

export function Panel({ panel, frames, width, height, timeRange, theme, replaceVariables }) {
  const Kind = KINDS[panel.type];
  return (
    <PanelChrome title={panel.title} description={panel.description} width={width} height={height}>
      {(inner, tall) =>
        frames.some((frame) => frame.length > 0) ? (
          <Kind {...{ panel, frames, timeRange, theme, replaceVariables }} width={inner} height={tall} />
        ) : (
          <Nothing text={panel.fieldConfig.defaults.noValue ?? 'No data'} />
        )
      }
    </PanelChrome>
  );
}

function Nothing({ text }) {
  return <div className="nothing">{text}</div>;
}

function Lines({ panel, frames, width, height, timeRange }) {
  return (
    <TimeSeries
      frames={frames}
      structureRev={1}
      timeRange={timeRange}
      timeZone="utc"
      legend={panel.options.legend}
      options={panel.options}
      width={width}
      height={height}
    />
  );
}

function Figure({ panel, frames, width, height, theme, replaceVariables }) {
  const shown = getFieldDisplayValues({
    data: frames,
    reduceOptions: panel.options.reduceOptions,
    fieldConfig: panel.fieldConfig,
    replaceVariables,
    theme,
    timeZone: 'utc',
  });
  return (
    <BigValue
      value={{ ...shown[0].display, title: undefined }}
      colorMode={panel.options.colorMode}
      graphMode={panel.options.graphMode}
      width={width}
      height={height}
      theme={theme}
    />
  );
}

function Rows({ panel, frames, width, height, timeRange }) {
  const [frame] = frames;
  const shown = { ...frame, fields: frame.fields.filter((field) => field.type !== FieldType.other) };
  return (
    <TableNG
      data={shown}
      width={width}
      height={height}
      timeRange={timeRange}
      fieldConfig={panel.fieldConfig}
      noValue={panel.fieldConfig.defaults.noValue}
      structureRev={1}
      enableVirtualization={false}
    />
  );
}
