// SPDX-License-Identifier: GPL-2.0-only
/** Clients of rbd.ts: each task has a device, which it maps and unmaps. */
import type { Part } from './client';

export const rbd: Part = {
  text: `interface World {
  readonly devices: StructOf<typeof driver.rbd_device>[];
}
function* world(): Op<World> {
  const devices = [];
  for (let i = 0; i < 3; i++) {
    const device = yield* kzalloc(driver.rbd_device, GFP_KERNEL);
    if (device !== null) devices.push(device);
  }
  return { devices };
}
function* map({ devices }: World, i: number, options = ''): Op<string | number> {
  const device = devices[i];
  if (device === undefined || device.rbd_client !== null) return 'mapped already';
  return yield* driver.rbd_get_client(device, '10.0.0.1:6789', options);
}
function* use({ devices }: World, i: number): Op<string> {
  const device = devices[i];
  if (device === undefined || device.client === null) return 'no client';
  const { client, rbd_client } = device;
  return [yield* ceph_osdc_start_request(client), rbd_client?.client === client].join();
}
function* unmap({ devices }: World, i: number): Op<boolean> {
  const device = devices[i];
  if (device === undefined) return false;
  yield* driver.rbd_put_client(device);
  return device.client === null;
}
function* left(w: World): Op<string> {
  for (let i = 0; i < 3; i++) yield* unmap(w, i);
  yield* settle();
  return [allocated(driver.rbd_client), allocated(ceph_client), allocated(ceph_options)].join();
}`,
  calls: [
    'yield* map(w, i)',
    'yield* use(w, i)',
    'yield* unmap(w, i)',
    "yield* map(w, i, 'noshare')",
    "yield* map(w, i, 'nonsense')",
  ],
  failures: { kmalloc: 1, kzalloc: 1, ceph_create_client: 1, ceph_open_session: 1 },
  left: 'yield* left(w)',
};
