// SPDX-License-Identifier: GPL-2.0-only
/** The messages between user space and the network block device driver. After include/uapi/linux/nbd-netlink.h and nbd.h. */

/** The name of nbd's generic netlink family. @kernel include/uapi/linux/nbd-netlink.h */
export const NBD_GENL_FAMILY_NAME = 'nbd';

/** Command: connect a device. @kernel include/uapi/linux/nbd-netlink.h */
export const NBD_CMD_CONNECT = 1;
/** Command: disconnect a device. @kernel include/uapi/linux/nbd-netlink.h */
export const NBD_CMD_DISCONNECT = 2;
/** Command: list the devices, and whether they are connected. @kernel include/uapi/linux/nbd-netlink.h */
export const NBD_CMD_STATUS = 5;

/** Attribute: number of a device. @kernel include/uapi/linux/nbd-netlink.h */
export const NBD_ATTR_INDEX = 1;
/** Attribute: NBD_CFLAG_ bits. @kernel include/uapi/linux/nbd-netlink.h */
export const NBD_ATTR_CLIENT_FLAGS = 6;
/** Attribute: a list of devices. @kernel include/uapi/linux/nbd-netlink.h */
export const NBD_ATTR_DEVICE_LIST = 9;

/** In a list of devices: the number of a device. @kernel include/uapi/linux/nbd-netlink.h */
export const NBD_DEVICE_INDEX = 1;
/** In a list of devices: 1 if it is connected, else 0. @kernel include/uapi/linux/nbd-netlink.h */
export const NBD_DEVICE_CONNECTED = 2;

/** Client flag: the device is removed when it is disconnected. @kernel include/uapi/linux/nbd.h */
export const NBD_CFLAG_DESTROY_ON_DISCONNECT = 1 << 0;
/** Client flag: the last close disconnects the device. @kernel include/uapi/linux/nbd.h */
export const NBD_CFLAG_DISCONNECT_ON_CLOSE = 1 << 1;

/** nbd's major number. @kernel include/uapi/linux/major.h */
export const NBD_MAJOR = 43;
