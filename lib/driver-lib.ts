// SPDX-License-Identifier: GPL-2.0-only
/** What a driver may import from '#lib': the kernel, and nothing that judges it. */
export * from './block';
export * from './fs';
export * from './kernel';
export {
  type Branded,
  type Embeddable,
  type Fields,
  type Handle,
  type Op,
  type Scalar,
  struct,
  type StructHandle,
  type StructOf,
  type StructType,
} from './machine';
export * from './net';
