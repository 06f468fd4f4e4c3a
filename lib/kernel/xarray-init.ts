// SPDX-License-Identifier: GPL-2.0-only
/** XArrays at the beginning. After include/linux/xarray.h. */
import { composite, type Kind, type Op, request } from '../machine';
import { spin_lock_init } from './spinlock';
import { type Entries, entriesOf, makeXarray, type xarray } from './xarray-object';

/** xa_alloc() may be used, and gives indices from 0 on. @kernel include/linux/xarray.h */
export const XA_FLAGS_ALLOC = 4;
/** xa_alloc() may be used, and gives indices from 1 on. @kernel include/linux/xarray.h */
export const XA_FLAGS_ALLOC1 = 12;

function lowestOf(flags: number): number | null {
  if ((flags & XA_FLAGS_ALLOC) === 0) return null;
  return flags === XA_FLAGS_ALLOC1 ? 1 : 0;
}

/**
 * Defines a static XArray, empty.
 *
 * @kernel include/linux/xarray.h
 */
export function DEFINE_XARRAY<T>(name: string): xarray<T> {
  return makeXarray(name, null) as xarray<T>; // the type is for the compiler only
}

/**
 * Defines a static XArray, empty, for xa_alloc() from 0 on.
 *
 * @kernel include/linux/xarray.h
 */
export function DEFINE_XARRAY_ALLOC<T>(name: string): xarray<T> {
  return makeXarray(name, 0) as xarray<T>; // the type is for the compiler only
}

const INIT: Kind<Entries, [lowest: number | null], void> = {
  name: 'xa_init',
  access: 'write',
  perform(_machine, _task, { object: entries, a: lowest }) {
    entries.init(lowest);
  },
};

function* initialising(xa: xarray, lowest: number | null): Op<void> {
  yield* spin_lock_init(xa.xa_lock);
  yield* request(INIT, entriesOf(xa), lowest);
}

/**
 * Makes an XArray usable, empty.
 *
 * @kernel include/linux/xarray.h
 * @context any; does not sleep
 * @ordering none
 */
export function xa_init(xa: xarray): Op<void> {
  return composite('xa_init', initialising(xa, null));
}

/**
 * xa_init() with flags.
 *
 * @param flags XA_FLAGS_ALLOC or XA_FLAGS_ALLOC1, for xa_alloc(); 0 for none
 * @kernel include/linux/xarray.h
 * @context any; does not sleep
 * @ordering none
 */
export function xa_init_flags(xa: xarray, flags: number): Op<void> {
  return composite('xa_init_flags', initialising(xa, lowestOf(flags)));
}
