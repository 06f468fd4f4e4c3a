// SPDX-License-Identifier: GPL-2.0-only
/** Reports: what a finding looks like on paper. */
export { type FrameRules, parseStack, programFrames, type StackFrame } from './frames';
export { type Recorded, type RecordedStep } from './recorded';
export { renderReport, type ReportInput } from './report';
export { type NotedTelling, tellingOf } from './telling';
