// What a board may hold, by the types that Grafana publishes of itself. The boards are
// JSON, so enums are the values that they stand for.
import type { DataQuery, Dashboard, Panel, RowPanel, VariableModel } from '@grafana/schema';
import type * as bargauge from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import type * as gauge from '@grafana/schema/dist/esm/raw/composable/gauge/panelcfg/x/GaugePanelCfg_types.gen';
import type * as heatmap from '@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen';
import type * as pie from '@grafana/schema/dist/esm/raw/composable/piechart/panelcfg/x/PieChartPanelCfg_types.gen';
import type * as stat from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type * as timeline from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen';
import type * as table from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type * as timeseries from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

/** JSON of a type: an enum is one of its values. */
export type Plain<T> = T extends string
  ? `${T}`
  : T extends number
    ? `${T}` extends `${infer N extends number}`
      ? N
      : T
    : T extends (infer U)[]
      ? Plain<U>[]
      : T extends object
        ? { [K in keyof T]: Plain<T[K]> }
        : T;

/** Options of panels, and how their fields are drawn, by type. */
export interface Options {
  bargauge: Plain<bargauge.Options>;
  gauge: Plain<gauge.Options>;
  heatmap: Plain<heatmap.Options>;
  piechart: Plain<pie.Options>;
  stat: Plain<stat.Options>;
  'state-timeline': Plain<timeline.Options>;
  table: Plain<table.Options>;
  timeseries: Plain<timeseries.Options>;
}

export interface Custom {
  heatmap: Plain<heatmap.FieldConfig>;
  'state-timeline': Plain<timeline.FieldConfig>;
  table: Plain<table.FieldConfig>;
  timeseries: Plain<timeseries.FieldConfig>;
}

export type Board = Plain<Dashboard>;
export type AnyPanel = Plain<Panel>;
export type Row = Plain<RowPanel>;
export type Variable = Plain<VariableModel>;

/** Query of the Prometheus plugin, which is not in the package. */
export interface Target extends DataQuery {
  editorMode: 'code' | 'builder';
  exemplar: boolean;
  expr: string;
  format: 'time_series' | 'table' | 'heatmap';
  instant: boolean;
  legendFormat?: string;
  range: boolean;
}
