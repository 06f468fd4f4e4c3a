// SPDX-License-Identifier: GPL-2.0-only
/**
 * Ceph clients, as a block driver sees them. After include/linux/ceph/libceph.h, net/ceph/ceph_common.c and osd_client.c. A client
 * owns the options it was made with, opening its session sleeps and may fail, and destroying it frees both.
 *
 * Left out: the network. A monitor is a name, a session is open or closed, a request is one read of the client.
 */
import {
  atomic_dec,
  atomic_inc,
  atomic_read,
  DEFINE_ATOMIC,
  EINVAL,
  EIO,
  ENOMEM,
  ERR_PTR,
  type errptr,
  GFP_KERNEL,
  kfree,
  kzalloc,
  mayFail,
  static_var,
} from '../kernel';
import { failurePoint } from '../kernel/may-fail';
import { bool, int, ptr, text } from '../kernel/types';
import { type Kind, type Op, request, struct, type StructOf } from '../machine';

const OPEN = failurePoint('ceph_open_session');

/** Client flag: never share this client, and never use a shared one. @kernel include/linux/ceph/libceph.h */
export const CEPH_OPT_NOSHARE = 1 << 1;
/** Client flag: no checksums over data. @kernel include/linux/ceph/libceph.h */
export const CEPH_OPT_NOCRC = 1 << 3;

/** The target of a client's connection. @kernel include/linux/ceph/libceph.h */
export const ceph_options = struct('ceph_options', {
  /** CEPH_OPT_NOSHARE, CEPH_OPT_NOCRC. */
  flags: int,
  /** Address of the monitor. */
  mon_addr: text,
});
export interface ceph_options extends StructOf<typeof ceph_options> {}

/** A session with a cluster; owns its options. @kernel include/linux/ceph/libceph.h */
export const ceph_client = struct('ceph_client', {
  /** The target of its connection. */
  options: ptr<ceph_options>(),
  /** Set after a monitor has answered: the session is open. */
  have_fsid: bool,
});
export interface ceph_client extends StructOf<typeof ceph_client> {}

/** What a scenario has asked of the model. */
const destroySleeps = static_var('ceph_destroy_sleeps', false);
const watched = static_var('ceph_sessions_watched', false);
const opening = DEFINE_ATOMIC('ceph_sessions_opening', 0);

/** An operation that waits for the network: it may sleep, and other CPUs run in the meantime. */
function waits(name: string): Kind<null, [], void> {
  return {
    name,
    access: 'none',
    announce: (machine, task, { site }) => {
      machine.mightSleep(task, name, site);
    },
    perform: () => undefined,
  };
}

const WAIT_FOR_MONITOR = waits('wait_event');
const FLUSH_MESSENGER = waits('flush_workqueue');
const SEND_REQUEST = waits('ceph_osdc_start_request');

/**
 * Parses an option string such as `noshare,nocrc`. The caller owns the result until ceph_create_client() takes it over.
 *
 * @param options words separated by commas: `noshare`, `nocrc`
 * @param mon_addr name of the monitor
 * @returns the options, or an error pointer: -EINVAL for an unknown word, -ENOMEM if `kzalloc` fails
 * @kernel include/linux/ceph/libceph.h
 * @context process context; may sleep
 * @ordering none
 */
export function* ceph_parse_options(options: string, mon_addr: string): Op<ceph_options | errptr> {
  const opt = yield* kzalloc(ceph_options, GFP_KERNEL);
  if (opt === null) return ERR_PTR(-ENOMEM);
  let flags = 0;
  for (const word of options.split(',')) {
    if (word === 'noshare') flags |= CEPH_OPT_NOSHARE;
    else if (word === 'nocrc') flags |= CEPH_OPT_NOCRC;
    else if (word !== '') {
      yield* kfree(opt);
      return ERR_PTR(-EINVAL);
    }
  }
  opt.flags = flags;
  opt.mon_addr = mon_addr;
  return opt;
}

/**
 * Compares options with those of a client.
 *
 * @returns 0 if a client made with them would be the same, else another number
 * @kernel include/linux/ceph/libceph.h
 * @context any; does not sleep
 * @ordering none
 */
export function ceph_compare_options(new_opt: ceph_options, client: ceph_client): number {
  const opt = client.options;
  if (opt === null) return -1;
  return new_opt.flags === opt.flags && new_opt.mon_addr === opt.mon_addr ? 0 : -1;
}

/**
 * Frees options that no client has taken over.
 *
 * @kernel include/linux/ceph/libceph.h
 * @context any; does not sleep
 * @ordering none
 */
export function* ceph_destroy_options(opt: ceph_options): Op<void> {
  yield* kfree(opt);
}

/**
 * Makes a client, which is not connected yet. The options then belong to the client; on failure they stay with the caller.
 *
 * @example
 * const opt = yield* ceph_parse_options('noshare', '10.0.0.1');
 * if (IS_ERR(opt)) return;
 * const client = yield* ceph_create_client(opt);
 * if (IS_ERR(client)) return;
 * ceph_compare_options(opt, client); // => 0
 * yield* ceph_open_session(client); // => 0
 * yield* ceph_osdc_start_request(client); // => 0
 * yield* ceph_destroy_client(client);
 * const unused = yield* ceph_parse_options('', '10.0.0.1');
 * if (!IS_ERR(unused)) yield* ceph_destroy_options(unused);
 * @returns the client, or ERR_PTR(-ENOMEM) if `kzalloc` fails
 * @kernel include/linux/ceph/libceph.h
 * @context process context; may sleep
 * @ordering none
 */
export function* ceph_create_client(opt: ceph_options): Op<ceph_client | errptr> {
  const client = yield* kzalloc(ceph_client, GFP_KERNEL);
  if (client === null) return ERR_PTR(-ENOMEM);
  client.options = opt;
  return client;
}

/**
 * Connects a client to its monitor and waits for the answer.
 *
 * @returns 0, or -EIO if `ceph_open_session` fails: the client then still exists and is not connected
 * @kernel include/linux/ceph/libceph.h
 * @context process context; sleeps for as long as the monitor takes
 * @ordering none
 */
export function* ceph_open_session(client: ceph_client): Op<number> {
  const counted = watched.value;
  if (counted) yield* atomic_inc(opening);
  yield* request(WAIT_FOR_MONITOR, null);
  const failed = yield* mayFail(OPEN);
  if (counted) yield* atomic_dec(opening);
  if (failed) return -EIO;
  client.have_fsid = true;
  return 0;
}

/**
 * Ends a client's session and frees the client and its options. Nobody may use the client any more.
 *
 * @kernel include/linux/ceph/libceph.h
 * @context process context; may sleep if the scenario says that it flushes its messenger
 * @ordering none
 * @divergence the kernel's always sleeps
 */
export function* ceph_destroy_client(client: ceph_client): Op<void> {
  if (destroySleeps.value) yield* request(FLUSH_MESSENGER, null);
  const { options } = client;
  if (options !== null) yield* ceph_destroy_options(options);
  yield* kfree(client);
}

/**
 * Sends a request through a client and waits for it, as reading a block does.
 *
 * @returns 0, or -EIO if the client has no open session
 * @kernel include/linux/ceph/osd_client.h
 * @context process context; may sleep
 * @ordering none
 */
export function* ceph_osdc_start_request(client: ceph_client): Op<number> {
  yield* request(SEND_REQUEST, null);
  const { have_fsid, options } = client;
  return have_fsid && options !== null && options.mon_addr !== '' ? 0 : -EIO;
}

/** For set-up code: from now on ceph_destroy_client() first flushes its messenger's workqueue, which sleeps. */
export function cephDestroySleeps(): void {
  destroySleeps.value = true;
}

/** For set-up code: counts sessions that are being opened from now on. */
export function cephWatchSessions(): void {
  watched.value = true;
}

/**
 * How many sessions are being opened now.
 *
 * @returns how many; 0 before cephWatchSessions()
 */
export function cephSessionsOpening(): Op<number> {
  return atomic_read(opening);
}
