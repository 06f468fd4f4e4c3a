// SPDX-License-Identifier: GPL-2.0-only
/** Error numbers. After include/uapi/asm-generic/errno-base.h and errno.h, and include/linux/errno.h. */

/** `-EPERM`: the operation is not permitted. @kernel include/uapi/asm-generic/errno-base.h */
export const EPERM = 1;
/** `-ENOENT`: there is no such file or entry. @kernel include/uapi/asm-generic/errno-base.h */
export const ENOENT = 2;
/** `-ESRCH`: there is no such process. @kernel include/uapi/asm-generic/errno-base.h */
export const ESRCH = 3;
/** `-EINTR`: a signal has interrupted the call. @kernel include/uapi/asm-generic/errno-base.h */
export const EINTR = 4;
/** `-EIO`: input or output has failed. @kernel include/uapi/asm-generic/errno-base.h */
export const EIO = 5;
/** `-ENXIO`: there is no such device or address. @kernel include/uapi/asm-generic/errno-base.h */
export const ENXIO = 6;
/** `-E2BIG`: the argument list is too long. @kernel include/uapi/asm-generic/errno-base.h */
export const E2BIG = 7;
/** `-ENOEXEC`: the file cannot be executed. @kernel include/uapi/asm-generic/errno-base.h */
export const ENOEXEC = 8;
/** `-EBADF`: the file descriptor does not refer to an open file. @kernel include/uapi/asm-generic/errno-base.h */
export const EBADF = 9;
/** `-ECHILD`: the process has no such child. @kernel include/uapi/asm-generic/errno-base.h */
export const ECHILD = 10;
/** `-EAGAIN`: try again later. @kernel include/uapi/asm-generic/errno-base.h */
export const EAGAIN = 11;
/** `-EWOULDBLOCK`: the call would have to wait; the same number as `EAGAIN`. @kernel include/uapi/asm-generic/errno.h */
export const EWOULDBLOCK = EAGAIN;
/** `-ENOMEM`: there is no memory left. @kernel include/uapi/asm-generic/errno-base.h */
export const ENOMEM = 12;
/** `-EACCES`: access is denied. @kernel include/uapi/asm-generic/errno-base.h */
export const EACCES = 13;
/** `-EFAULT`: the address is invalid. @kernel include/uapi/asm-generic/errno-base.h */
export const EFAULT = 14;
/** `-ENOTBLK`: it is not a block device. @kernel include/uapi/asm-generic/errno-base.h */
export const ENOTBLK = 15;
/** `-EBUSY`: the device or resource is in use. @kernel include/uapi/asm-generic/errno-base.h */
export const EBUSY = 16;
/** `-EEXIST`: the object exists already. @kernel include/uapi/asm-generic/errno-base.h */
export const EEXIST = 17;
/** `-EXDEV`: both are not on one file system. @kernel include/uapi/asm-generic/errno-base.h */
export const EXDEV = 18;
/** `-ENODEV`: there is no such device. @kernel include/uapi/asm-generic/errno-base.h */
export const ENODEV = 19;
/** `-ENOTDIR`: it is not a directory. @kernel include/uapi/asm-generic/errno-base.h */
export const ENOTDIR = 20;
/** `-EISDIR`: it is a directory. @kernel include/uapi/asm-generic/errno-base.h */
export const EISDIR = 21;
/** `-EINVAL`: an argument is invalid. @kernel include/uapi/asm-generic/errno-base.h */
export const EINVAL = 22;
/** `-ENFILE`: too many files are open in the system. @kernel include/uapi/asm-generic/errno-base.h */
export const ENFILE = 23;
/** `-EMFILE`: too many files are open in the process. @kernel include/uapi/asm-generic/errno-base.h */
export const EMFILE = 24;
/** `-ENOTTY`: the device does not know this ioctl. @kernel include/uapi/asm-generic/errno-base.h */
export const ENOTTY = 25;
/** `-ETXTBSY`: the program is running. @kernel include/uapi/asm-generic/errno-base.h */
export const ETXTBSY = 26;
/** `-EFBIG`: the file would be too large. @kernel include/uapi/asm-generic/errno-base.h */
export const EFBIG = 27;
/** `-ENOSPC`: there is no space left. @kernel include/uapi/asm-generic/errno-base.h */
export const ENOSPC = 28;
/** `-ESPIPE`: the file has no position. @kernel include/uapi/asm-generic/errno-base.h */
export const ESPIPE = 29;
/** `-EROFS`: the file system can only be read. @kernel include/uapi/asm-generic/errno-base.h */
export const EROFS = 30;
/** `-EMLINK`: there are too many links. @kernel include/uapi/asm-generic/errno-base.h */
export const EMLINK = 31;
/** `-EPIPE`: nobody reads from the other end. @kernel include/uapi/asm-generic/errno-base.h */
export const EPIPE = 32;
/** `-EDOM`: the argument is outside of the domain. @kernel include/uapi/asm-generic/errno-base.h */
export const EDOM = 33;
/** `-ERANGE`: the result is out of range. @kernel include/uapi/asm-generic/errno-base.h */
export const ERANGE = 34;
/** `-EDEADLK`: waiting would be a deadlock. @kernel include/uapi/asm-generic/errno.h */
export const EDEADLK = 35;
/** `-ENAMETOOLONG`: the name is too long. @kernel include/uapi/asm-generic/errno.h */
export const ENAMETOOLONG = 36;
/** `-ENOLCK`: there are no record locks left. @kernel include/uapi/asm-generic/errno.h */
export const ENOLCK = 37;
/** `-ENOSYS`: the call does not exist. @kernel include/uapi/asm-generic/errno.h */
export const ENOSYS = 38;
/** `-ENOTEMPTY`: the directory is not empty. @kernel include/uapi/asm-generic/errno.h */
export const ENOTEMPTY = 39;
/** `-ELOOP`: there are too many symbolic links. @kernel include/uapi/asm-generic/errno.h */
export const ELOOP = 40;
/** `-ENOMSG`: there is no message of that type. @kernel include/uapi/asm-generic/errno.h */
export const ENOMSG = 42;
/** `-EIDRM`: the identifier was removed. @kernel include/uapi/asm-generic/errno.h */
export const EIDRM = 43;
/** `-ENOSTR`: the device is not a stream. @kernel include/uapi/asm-generic/errno.h */
export const ENOSTR = 60;
/** `-ENODATA`: there is no data. @kernel include/uapi/asm-generic/errno.h */
export const ENODATA = 61;
/** `-ETIME`: the timer has expired. @kernel include/uapi/asm-generic/errno.h */
export const ETIME = 62;
/** `-ENOSR`: there are no streams left. @kernel include/uapi/asm-generic/errno.h */
export const ENOSR = 63;
/** `-ENONET`: the machine is not on the network. @kernel include/uapi/asm-generic/errno.h */
export const ENONET = 64;
/** `-ENOLINK`: the link was cut. @kernel include/uapi/asm-generic/errno.h */
export const ENOLINK = 67;
/** `-ECOMM`: sending has failed. @kernel include/uapi/asm-generic/errno.h */
export const ECOMM = 70;
/** `-EPROTO`: the protocol was violated. @kernel include/uapi/asm-generic/errno.h */
export const EPROTO = 71;
/** `-EBADMSG`: the message is not valid. @kernel include/uapi/asm-generic/errno.h */
export const EBADMSG = 74;
/** `-EOVERFLOW`: the value is too large for its type. @kernel include/uapi/asm-generic/errno.h */
export const EOVERFLOW = 75;
/** `-ENOTUNIQ`: the name is not unique. @kernel include/uapi/asm-generic/errno.h */
export const ENOTUNIQ = 76;
/** `-EBADFD`: the file is in a bad state. @kernel include/uapi/asm-generic/errno.h */
export const EBADFD = 77;
/** `-EILSEQ`: the sequence of bytes is invalid. @kernel include/uapi/asm-generic/errno.h */
export const EILSEQ = 84;
/** `-ERESTART`: the call should be made again. @kernel include/uapi/asm-generic/errno.h */
export const ERESTART = 85;
/** `-ENOTSOCK`: it is not a socket. @kernel include/uapi/asm-generic/errno.h */
export const ENOTSOCK = 88;
/** `-EDESTADDRREQ`: an address to send to is needed. @kernel include/uapi/asm-generic/errno.h */
export const EDESTADDRREQ = 89;
/** `-EMSGSIZE`: the message is too long. @kernel include/uapi/asm-generic/errno.h */
export const EMSGSIZE = 90;
/** `-EPROTOTYPE`: the protocol has another type. @kernel include/uapi/asm-generic/errno.h */
export const EPROTOTYPE = 91;
/** `-ENOPROTOOPT`: the protocol has no such option. @kernel include/uapi/asm-generic/errno.h */
export const ENOPROTOOPT = 92;
/** `-EPROTONOSUPPORT`: the protocol is not supported. @kernel include/uapi/asm-generic/errno.h */
export const EPROTONOSUPPORT = 93;
/** `-ESOCKTNOSUPPORT`: the type of socket is not supported. @kernel include/uapi/asm-generic/errno.h */
export const ESOCKTNOSUPPORT = 94;
/** `-EOPNOTSUPP`: the operation is not supported. @kernel include/uapi/asm-generic/errno.h */
export const EOPNOTSUPP = 95;
/** `-EPFNOSUPPORT`: the protocol family is not supported. @kernel include/uapi/asm-generic/errno.h */
export const EPFNOSUPPORT = 96;
/** `-EAFNOSUPPORT`: the address family is not supported. @kernel include/uapi/asm-generic/errno.h */
export const EAFNOSUPPORT = 97;
/** `-EADDRINUSE`: the address is in use. @kernel include/uapi/asm-generic/errno.h */
export const EADDRINUSE = 98;
/** `-EADDRNOTAVAIL`: the address is not available. @kernel include/uapi/asm-generic/errno.h */
export const EADDRNOTAVAIL = 99;
/** `-ENETDOWN`: the network is down. @kernel include/uapi/asm-generic/errno.h */
export const ENETDOWN = 100;
/** `-ENETUNREACH`: the network cannot be reached. @kernel include/uapi/asm-generic/errno.h */
export const ENETUNREACH = 101;
/** `-ENETRESET`: the network has dropped the connection. @kernel include/uapi/asm-generic/errno.h */
export const ENETRESET = 102;
/** `-ECONNABORTED`: the connection was aborted. @kernel include/uapi/asm-generic/errno.h */
export const ECONNABORTED = 103;
/** `-ECONNRESET`: the other end has reset the connection. @kernel include/uapi/asm-generic/errno.h */
export const ECONNRESET = 104;
/** `-ENOBUFS`: there is no room for a buffer. @kernel include/uapi/asm-generic/errno.h */
export const ENOBUFS = 105;
/** `-EISCONN`: the socket is connected already. @kernel include/uapi/asm-generic/errno.h */
export const EISCONN = 106;
/** `-ENOTCONN`: the socket is not connected. @kernel include/uapi/asm-generic/errno.h */
export const ENOTCONN = 107;
/** `-ESHUTDOWN`: the other end was shut down. @kernel include/uapi/asm-generic/errno.h */
export const ESHUTDOWN = 108;
/** `-ETOOMANYREFS`: there are too many references. @kernel include/uapi/asm-generic/errno.h */
export const ETOOMANYREFS = 109;
/** `-ETIMEDOUT`: the time is over. @kernel include/uapi/asm-generic/errno.h */
export const ETIMEDOUT = 110;
/** `-ECONNREFUSED`: nobody listens there. @kernel include/uapi/asm-generic/errno.h */
export const ECONNREFUSED = 111;
/** `-EHOSTDOWN`: the host is down. @kernel include/uapi/asm-generic/errno.h */
export const EHOSTDOWN = 112;
/** `-EHOSTUNREACH`: there is no route to the host. @kernel include/uapi/asm-generic/errno.h */
export const EHOSTUNREACH = 113;
/** `-EALREADY`: the operation is under way already. @kernel include/uapi/asm-generic/errno.h */
export const EALREADY = 114;
/** `-EINPROGRESS`: the operation has started but not finished. @kernel include/uapi/asm-generic/errno.h */
export const EINPROGRESS = 115;
/** `-ESTALE`: the file handle is stale. @kernel include/uapi/asm-generic/errno.h */
export const ESTALE = 116;
/** `-EREMOTEIO`: input or output has failed at the other end. @kernel include/uapi/asm-generic/errno.h */
export const EREMOTEIO = 121;
/** `-EDQUOT`: the quota is exceeded. @kernel include/uapi/asm-generic/errno.h */
export const EDQUOT = 122;
/** `-ENOMEDIUM`: there is no medium. @kernel include/uapi/asm-generic/errno.h */
export const ENOMEDIUM = 123;
/** `-EMEDIUMTYPE`: the medium has the wrong type. @kernel include/uapi/asm-generic/errno.h */
export const EMEDIUMTYPE = 124;
/** `-ECANCELED`: the operation was cancelled. @kernel include/uapi/asm-generic/errno.h */
export const ECANCELED = 125;
/** `-ENOKEY`: the key is not there. @kernel include/uapi/asm-generic/errno.h */
export const ENOKEY = 126;
/** `-EKEYEXPIRED`: the key has expired. @kernel include/uapi/asm-generic/errno.h */
export const EKEYEXPIRED = 127;
/** `-EKEYREVOKED`: the key was revoked. @kernel include/uapi/asm-generic/errno.h */
export const EKEYREVOKED = 128;
/** `-EKEYREJECTED`: the key was rejected. @kernel include/uapi/asm-generic/errno.h */
export const EKEYREJECTED = 129;
/** `-EOWNERDEAD`: the owner has died. @kernel include/uapi/asm-generic/errno.h */
export const EOWNERDEAD = 130;
/** `-ENOTRECOVERABLE`: the state cannot be recovered. @kernel include/uapi/asm-generic/errno.h */
export const ENOTRECOVERABLE = 131;
/** `-ERFKILL`: the radio is switched off. @kernel include/uapi/asm-generic/errno.h */
export const ERFKILL = 132;
/** `-EHWPOISON`: the page has a hardware error. @kernel include/uapi/asm-generic/errno.h */
export const EHWPOISON = 133;
/** `-ERESTARTSYS`: a signal has interrupted the call, which may be made again; never seen by user space. @kernel include/linux/errno.h */
export const ERESTARTSYS = 512;
/** `-ERESTARTNOINTR`: a signal has interrupted the call, which is made again; never seen by user space. @kernel include/linux/errno.h */
export const ERESTARTNOINTR = 513;
/** `-ERESTARTNOHAND`: the call is made again if there is no handler; never seen by user space. @kernel include/linux/errno.h */
export const ERESTARTNOHAND = 514;
/** `-ENOIOCTLCMD`: the driver does not know this ioctl; user space sees ENOTTY. @kernel include/linux/errno.h */
export const ENOIOCTLCMD = 515;
/** `-ERESTART_RESTARTBLOCK`: the call is made again by another function; never seen by user space. @kernel include/linux/errno.h */
export const ERESTART_RESTARTBLOCK = 516;
/** `-EPROBE_DEFER`: the driver asks to be probed again later; never seen by user space. @kernel include/linux/errno.h */
export const EPROBE_DEFER = 517;
/** `-EOPENSTALE`: opening has found a stale handle; never seen by user space. @kernel include/linux/errno.h */
export const EOPENSTALE = 518;
/** `-EBADHANDLE`: the file handle is invalid; never seen by user space. @kernel include/linux/errno.h */
export const EBADHANDLE = 521;
/** `-ENOTSUPP`: the operation is not supported; never seen by user space. @kernel include/linux/errno.h */
export const ENOTSUPP = 524;
/** `-ETOOSMALL`: the buffer or request is too small; never seen by user space. @kernel include/linux/errno.h */
export const ETOOSMALL = 525;
/** `-EJUKEBOX`: the request has begun but will not finish soon; never seen by user space. @kernel include/linux/errno.h */
export const EJUKEBOX = 528;
/** `-EIOCBQUEUED`: the request is queued, and its completion will be called later; never seen by user space. @kernel include/linux/errno.h */
export const EIOCBQUEUED = 529;
