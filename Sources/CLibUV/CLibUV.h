// libuv and the socket calls as Swift sees them: only what the importer cannot see, each with why.
#pragma once
// Not _GNU_SOURCE: it changes system structures (fd_set), and Swift refuses a structure that two modules define
// differently. Which module comes first depends on the order of the build, so that only some builds fail.
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
