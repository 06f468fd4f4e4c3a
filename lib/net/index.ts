// SPDX-License-Identifier: GPL-2.0-only
/** The network under a driver: ceph clients, netlink, packets and sockets. @module */
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
export {
  DEFINE_GENL_FAMILY,
  type FamilyOptions,
  type genl_family,
  type genl_info,
  genl_register_family,
  type genl_small_ops,
  genl_unregister_family,
  genlmsg_reply,
  nla_get_u32,
  type nlattrs,
} from './genetlink';
export * from './rtnetlink';
export * from './skb-queue';
export * from './skbuff';
export * from './sock';
