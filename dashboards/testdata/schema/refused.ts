// What the types must refuse, so that a schema that takes everything is noticed.
import type { AnyPanel, Board, Custom, Options, Target, Variable } from './schema';

const good: AnyPanel = { type: 'stat', fieldConfig: { defaults: { color: { mode: 'thresholds' } }, overrides: [] } };
export const taken: Board = { schemaVersion: 42, panels: [good], graphTooltip: 1 };

// @ts-expect-error a board has a schema version
export const noVersion: Board = { title: 'x' };
// @ts-expect-error an unknown key of a board
export const unknownKey: Board = { schemaVersion: 42, titel: 'x' };
// @ts-expect-error an unknown key of a panel
export const unknownPanelKey: AnyPanel = { type: 'stat', descripton: 'x' };
// @ts-expect-error a color mode that is none
export const noMode: AnyPanel = { type: 'stat', fieldConfig: { defaults: { color: { mode: 'palette-clasic' } }, overrides: [] } };
// @ts-expect-error a kind of variable that is none
export const noKind: Variable = { name: 'x', type: 'queries' };
// @ts-expect-error a refresh that is none
export const noRefresh: Variable = { name: 'x', type: 'query', refresh: 7 };
// @ts-expect-error an option of another panel
export const otherOption: Options['stat'] = { displayMode: 'basic' };
// @ts-expect-error a way to stack that is none
export const noStacking: Custom['timeseries'] = { stacking: { mode: 'up' } };
// @ts-expect-error a query without an id
export const noId: Target = { expr: 'up', format: 'table', editorMode: 'code', exemplar: false, instant: true, range: false };
