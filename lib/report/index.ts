// SPDX-License-Identifier: GPL-2.0-only
/** Reports: a finding as text. */
export { type Cell, columns, oneColumn } from './columns';
export { countText } from './counters';
export { widthFor } from './fold';
export { type FrameRules, parseStack, programFrames, shortFile } from './frames';
export { executionOf } from './execution/execution';
export type { Execution } from './execution/types';
export { choiceText } from './outcomes';
export { stepsUpTo } from './up-to';
export { renderReport } from './report';
export { rowsOf, Weight } from './rows';
export { isOver, type Scene, sceneOf, type SceneTask } from './scene';
export { tellingOf } from './telling';
export { told, TRACE_FORMATS, type Traced, type TraceFormat, writeTrace } from './trace';
