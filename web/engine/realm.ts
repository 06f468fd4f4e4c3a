// SPDX-License-Identifier: GPL-2.0-only
/**
 * Importing this locks the realm of the worker, as a judging process locks its own: built-ins are frozen, and a driver has no way to
 * the page or to the network. It comes before the library is loaded, which so holds on to what no driver can change.
 */
import 'ses';
import { lock, ownErrors } from '../../tools/grade/sandbox/lock';

/** Evaluates the site's own scenarios, which need no compartment: the function as it was before the lockdown. */
export const evaluateOwn: (code: string) => unknown = globalThis.eval;

/** Where drivers are evaluated. */
export const realm = lock(ownErrors());

// What leads out of a worker. All it needs comes in messages of the page, and a driver may be a stranger's: a link can hold one.
for (const name of [
  ...['fetch', 'XMLHttpRequest', 'WebSocket', 'WebTransport', 'EventSource', 'importScripts'],
  ...['indexedDB', 'caches', 'BroadcastChannel', 'Worker', 'SharedWorker', 'Notification'],
]) {
  Reflect.deleteProperty(globalThis, name);
}
