// SPDX-License-Identifier: GPL-2.0-only
/** The machine: tasks, operations, objects, clocks and the execution. It knows no kernel. */
export { aboutOf, isOnField } from './about';
export { hasPutOff, joinAlone } from './alone';
export { OutOfBounds } from './bounds';
export { type Clock, copy as copyClock, covers } from './clock';
export { current } from './current';
export { InternalError, TaskKilled, UsageError } from './errors';
export { type Finding, type Frame, Gravity, gravestOf, rankOf, type Telling } from './finding';
export { type Branded, Handle, makeHandle, objectOf, pointerLike } from './handle';
export { Machine } from './machine';
export { type MachineOptions, type Program } from './program';
export {
  changes,
  conflict,
  excludes,
  type Footprint,
  locationOf,
  reading,
  swappable,
  writing,
} from './footprint';
export {
  ARRIVE,
  arrivals,
  ENTER,
  interrupts,
  mayNotSleep,
  onCpu,
  waitsForAnybody,
} from './interrupt';
export { BH_OFF, type Cpu, IRQS_OFF } from './cpu';
export { EndlessLoop, type Pause, type Recorder, TURNS_MAX } from './memory';
export { type Acquisition, type Complaint, type Monitor } from './monitor';
export {
  type Allocation,
  MachineObject,
  type Releasing,
  staticObjects,
  SyncObject,
} from './object';
export {
  type Barrier,
  fence,
  fullyOrdered,
  FULL,
  observe,
  type Pairing,
  publish,
} from './ordering';
export {
  type Access,
  type Arguments,
  composite,
  here,
  type Kind,
  type Op,
  Request,
  request,
  requestAt,
  sites,
} from './op';
export {
  type AnyStruct,
  arrayType,
  containerOf,
  type Embeddable,
  embeddable,
  type Fields,
  isFieldType,
  isType,
  makeObject,
  makeStruct,
  Scalar,
  struct,
  type StructHandle,
  StructObject,
  type StructOf,
  type StructType,
} from './struct';
export {
  Access as MarkedAccess,
  makeMarked,
  markedChoices,
  markedReading,
  type Effect,
  type MissingFence,
  type PassedOver,
  type Reading,
  type Strength,
  type Wanted,
} from './reordering';
export { declareOnStack, enterFunction, leaveFunction } from './scopes';
export {
  type Operation,
  type Outcome,
  type PlainAccess,
  type PrintedLine,
  type Replay,
  type ReplayStep,
  type StateChange,
} from './replayed';
export { forgetStacks, hiddenStacks, stackOf, stackText, takeStack } from './stacks';
export { lastingFunction, storable } from './storable';
export { type Held, Task, type TaskContext } from './task';
export { pathOf } from './victims';
export { functionName, lineText, valueText } from './value-text';
