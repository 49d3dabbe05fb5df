// libuv and the socket calls as Swift sees them: only what the importer cannot see, each with why.
#pragma once
// Not _GNU_SOURCE: it changes system structures (fd_set), and Swift refuses a structure that two modules define
// differently. Which module comes first depends on the order of the build, so that only some builds fail.
#include <malloc.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <uv.h>

// Constants of an anonymous C enum, which Swift imports as a type that integers do not mix with.
static inline int rollcall_stream_socket(int family, int nonblocking) {
    return socket(family, SOCK_STREAM | SOCK_CLOEXEC | (nonblocking ? SOCK_NONBLOCK : 0), 0);
}

static inline int rollcall_datagram_socket(int family) { return socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0); }

// accept4 is behind _GNU_SOURCE in the system's headers.
extern int accept4(int listener, struct sockaddr *address, socklen_t *length, int flags);
static inline int rollcall_accept(int listener, struct sockaddr *address, socklen_t *length) {
    return accept4(listener, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

// struct ucred is behind _GNU_SOURCE, too: the kernel's layout. Returns the user id at the other end of a local socket,
// -1 if unknown.
static inline long rollcall_peer_user(int descriptor) {
    struct { pid_t pid; uid_t uid; gid_t gid; } credentials;
    socklen_t length = sizeof credentials;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) return -1;
    return (long)credentials.uid;
}

// SOCK_STREAM as an integer, for addrinfo.
static const int rollcall_sock_stream = SOCK_STREAM;

static inline int rollcall_echo_socket(int family, int raw) {
    return socket(family, (raw ? SOCK_RAW : SOCK_DGRAM) | SOCK_CLOEXEC | SOCK_NONBLOCK,
                  family == AF_INET6 ? 58 /* IPPROTO_ICMPV6 */ : 1 /* IPPROTO_ICMP */);
}

static inline int rollcall_raw_tcp_socket(void) {
    return socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 6 /* IPPROTO_TCP */);
}

static inline int rollcall_nonblocking_datagram_socket(int family) {
    return socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

// Control messages are walked with macros. Takes the next ICMP error that the kernel keeps for a socket with IP_RECVERR
// (ip(7)): its errno, or 0 if there is none. `origin` is 2 for ICMP, 3 for ICMPv6, 1 for this machine itself.
static inline int rollcall_take_socket_error(int descriptor, int *origin, int *type, int *code, unsigned *info,
                                             struct sockaddr_storage *offender) {
    // struct sock_extended_err of linux/errqueue.h, which drags in headers that other modules define, too.
    struct extended_error { unsigned number; unsigned char origin, type, code, pad; unsigned info, data; };
    char control[512] __attribute__((aligned(16)));
    char payload[2048];
    struct iovec vector = {payload, sizeof payload};
    struct msghdr message = {0};
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    if (recvmsg(descriptor, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return 0;
    for (struct cmsghdr *part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
        int is4 = part->cmsg_level == 0 /* IPPROTO_IP */ && part->cmsg_type == 11 /* IP_RECVERR */;
        int is6 = part->cmsg_level == 41 /* IPPROTO_IPV6 */ && part->cmsg_type == 25 /* IPV6_RECVERR */;
        if (!is4 && !is6) continue;
        struct extended_error *error = (struct extended_error *)CMSG_DATA(part);
        *origin = error->origin;
        *type = error->type;
        *code = error->code;
        *info = error->info;
        const struct sockaddr *who = (const struct sockaddr *)(error + 1);
        __builtin_memset(offender, 0, sizeof *offender);
        if (who->sa_family == AF_INET) __builtin_memcpy(offender, who, 16);
        if (who->sa_family == AF_INET6) __builtin_memcpy(offender, who, 28);
        return (int)error->number;
    }
    return 0;
}

// Receives a datagram with the time to live it arrived with (-1: not told).
static inline long rollcall_receive_with_hops(int descriptor, void *bytes, size_t room, int *hops) {
    char control[256] __attribute__((aligned(16)));
    struct iovec vector = {bytes, room};
    struct msghdr message = {0};
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    long count = recvmsg(descriptor, &message, MSG_DONTWAIT);
    *hops = -1;
    if (count < 0) return count;
    for (struct cmsghdr *part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
        int is4 = part->cmsg_level == 0 && part->cmsg_type == 2 /* IP_TTL */;
        int is6 = part->cmsg_level == 41 && part->cmsg_type == 52 /* IPV6_HOPLIMIT */;
        if (is4 || is6) __builtin_memcpy(hops, CMSG_DATA(part), sizeof *hops);
    }
    return count;
}
