// SPDX-License-Identifier: GPL-2.0-only
/** Devices, as much as drivers count references to them. After include/linux/device.h and drivers/base/core.c. */
import { composite, type Handle, objectOf, type Op, struct, type StructOf } from '../machine';
import { devres_head, devres_release_all, devresInit } from './devres';
import { kobject, kobject_get, kobject_init, kobject_put, warnOf } from './kobject';
import { container_of } from './list';
import { fn, ptr } from './types';

/** A device. Embed it as `dev: device`. */
export const device = struct('device', {
  /** Its references. */
  kobj: kobject,
  /** Called when the last reference is gone. */
  release: fn<(dev: device) => Op<unknown>>(),
  /** What dev_set_drvdata() has set. */
  driver_data: ptr<Handle>(),
  /** What goes with its driver. */
  devres_head,
});
export interface device extends StructOf<typeof device> {}

function* device_release(kobj: kobject): Op<void> {
  const dev = container_of(kobj, device, 'kobj');
  /* A driver may have taken resources of a device that it was never bound to. */
  yield* devres_release_all(dev);
  if (dev.release !== null) yield* dev.release(dev);
  else {
    const { label } = objectOf(dev);
    const message = `Device '${label}' does not have a release() function, it is broken and must be fixed. See Documentation/core-api/kobject.rst.`;
    warnOf(message, objectOf(dev));
  }
}

function* initialising(dev: device): Op<void> {
  yield* kobject_init(dev.kobj, device_release);
  yield* devresInit(dev.devres_head);
}

function* getting(dev: device | null): Op<device | null> {
  if (dev !== null) yield* kobject_get(dev.kobj);
  return dev;
}

function* putting(dev: device | null): Op<void> {
  if (dev !== null) yield* kobject_put(dev.kobj);
}

/**
 * Makes a device usable, with one reference.
 *
 * @example
 * const client = struct('client', { dev: device, id: int });
 * function* client_release(dev: device) {
 *   yield* kfree(container_of(dev, client, 'dev'));
 * }
 * const one = yield* kzalloc(client, GFP_KERNEL);
 * if (one === null) return;
 * one.dev.release = client_release;
 * yield* device_initialize(one.dev);
 * yield* get_device(one.dev);
 * yield* put_device(one.dev);
 * yield* put_device(one.dev);
 * alive(one); // => false
 * @kernel include/linux/device.h
 * @context any; does not sleep
 * @ordering none
 */
export function device_initialize(dev: device): Op<void> {
  return composite('device_initialize', initialising(dev));
}

/**
 * Takes a reference to a device. NULL is allowed.
 *
 * @param dev the device, or NULL
 * @returns the device
 * @kernel include/linux/device.h
 * @context any; does not sleep
 * @ordering none
 */
export function get_device(dev: device | null): Op<device | null> {
  return composite('get_device', getting(dev));
}

/**
 * Drops a reference to a device. With the last its `release` is called. NULL is allowed.
 *
 * @param dev the device, or NULL
 * @kernel include/linux/device.h
 * @context any in which `release` may run; sleeps if that does
 * @ordering release, and acquire for the last one
 */
export function put_device(dev: device | null): Op<void> {
  return composite('put_device', putting(dev));
}

/**
 * Keeps what a driver has of a device.
 *
 * @example
 * const client = struct('client', { dev: device });
 * const one = DEFINE_STATIC('one', client);
 * yield* might_sleep();
 * dev_set_drvdata(one.dev, one);
 * dev_get_drvdata(one.dev) === one; // => true
 * @param data any structure, or NULL
 * @kernel include/linux/device.h
 * @context any; does not sleep
 * @ordering none
 */
export function dev_set_drvdata(dev: device, data: Handle | null): void {
  dev.driver_data = data;
}

/**
 * What dev_set_drvdata() has kept.
 *
 * @returns the structure, or NULL
 * @kernel include/linux/device.h
 * @context any; does not sleep
 * @ordering none
 */
export function dev_get_drvdata(dev: device): Handle | null {
  return dev.driver_data;
}
