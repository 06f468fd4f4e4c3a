// SPDX-License-Identifier: GPL-2.0-only
/** The network under a driver: what it may use of the ceph model. */
export {
  ceph_client,
  ceph_compare_options,
  ceph_create_client,
  ceph_destroy_client,
  ceph_destroy_options,
  ceph_open_session,
  CEPH_OPT_NOCRC,
  CEPH_OPT_NOSHARE,
  ceph_options,
  ceph_osdc_start_request,
  ceph_parse_options,
} from './ceph';
