// SPDX-License-Identifier: GPL-2.0-only
/** Reports: what a finding looks like on paper. */
export { countText } from './counters';
export { fold, WIDTH_DEFAULT, widthFor } from './fold';
export { type FrameRules, parseStack, programFrames, shortFile, type StackFrame } from './frames';
export { outcomeText } from './outcomes';
export { type Recorded, type RecordedStep, stepsUpTo } from './recorded';
export { renderReport, type ReportInput } from './report';
export { rowsOf, Weight } from './rows';
export { isOver, type Scene, sceneOf, type SceneTask } from './scene';
export { type NotedTelling, tellingOf } from './telling';
export { told, TRACE_FORMATS, type Traced, type TraceFormat, writeTrace } from './trace';
