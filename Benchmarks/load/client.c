#define _GNU_SOURCE
#include "client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static char first_failure[256];

const char *client_first_failure(void) { return first_failure; }

static void note_failure(const char *what) {
    if (first_failure[0]) return;
    char reason[160] = "";
    unsigned long error = ERR_peek_error();
    if (error) ERR_error_string_n(error, reason, sizeof reason);
    snprintf(first_failure, sizeof first_failure, "%s: %s", what, error ? reason : errno ? strerror(errno) : "closed");
}

uint64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void give_up(const char *what) {
    fprintf(stderr, "load: %s\n", what);
    ERR_print_errors_fp(stderr);
    exit(1);
}

static int keep_session(SSL *tls, SSL_SESSION *session) {
    struct client *c = SSL_get_app_data(tls);
    SSL_SESSION_free(c->session);
    c->session = session;
    return 1; // it is ours now
}

static void read_identities(struct clients *all, const char *directory, uint32_t first, uint32_t count) {
    all->certificates = calloc(count, sizeof *all->certificates);
    all->keys = calloc(count, sizeof *all->keys);
    for (uint32_t i = 0; i < count; i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%u.pem", directory, first + i);
        FILE *file = fopen(path, "r");
        if (!file) {
            fprintf(stderr, "load: %s: %s\n", path, strerror(errno));
            exit(1);
        }
        all->certificates[i] = PEM_read_X509(file, 0, 0, 0);
        rewind(file);
        all->keys[i] = PEM_read_PrivateKey(file, 0, 0, 0);
        fclose(file);
        if (!all->certificates[i] || !all->keys[i]) give_up(path);
    }
    all->identity_count = count;
}

void clients_open(struct clients *all, const struct options *options, uint32_t count) {
    all->options = options;
    all->epoll = epoll_create1(EPOLL_CLOEXEC);
    SSL_CTX *context = all->context = SSL_CTX_new(TLS_client_method());
    if (all->epoll < 0 || !context) give_up("no memory");
    // One version, suite and group for everybody, so that servers are compared and not defaults.
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    if (!SSL_CTX_set_ciphersuites(context, "TLS_AES_256_GCM_SHA384") || !SSL_CTX_set1_groups_list(context, "X25519"))
        give_up("TLS set-up");
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(context, 1);
    if (options->authority) {
        if (!SSL_CTX_load_verify_locations(context, options->authority, 0)) give_up(options->authority);
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, 0);
    }
    if (options->resume) {
        SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
        SSL_CTX_sess_set_new_cb(context, keep_session);
    } else {
        SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    }
    if (options->protocol->alpn) {
        uint8_t wire[64];
        size_t length = strlen(options->protocol->alpn);
        wire[0] = (uint8_t)length;
        memcpy(wire + 1, options->protocol->alpn, length);
        SSL_CTX_set_alpn_protos(context, wire, (unsigned)length + 1);
    }
    if (options->identities) read_identities(all, options->identities, options->first_node, count);
}

static int prepare_tls(struct clients *all, struct client *c) {
    c->tls = SSL_new(all->context);
    if (!c->tls || !SSL_set_fd(c->tls, c->descriptor)) return 0;
    SSL_set_app_data(c->tls, c);
    SSL_set_connect_state(c->tls);
    if (all->identity_count) {
        uint32_t i = c->index % all->identity_count;
        if (!SSL_use_certificate(c->tls, all->certificates[i]) || !SSL_use_PrivateKey(c->tls, all->keys[i])) return 0;
    }
    return !all->options->resume || !c->session || SSL_set_session(c->tls, c->session);
}

// Loopback has addresses in plenty: each source address has 28,000 ports of its own, used up ones (TIME_WAIT) included.
static int bind_source(struct clients *all, int descriptor) {
    int on = 1;
    setsockopt(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    struct sockaddr_in source = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000002u + all->connects % 200)};
    return bind(descriptor, (struct sockaddr *)&source, sizeof source) == 0;
}

int client_connect(struct clients *all, struct client *c) {
    c->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->descriptor < 0) give_up(strerror(errno));
    all->connects++;
    int on = 1;
    setsockopt(c->descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    c->began_at = now_ns();
    c->asked_count = 0;
    c->talk = (struct conversation){.node = all->options->first_node + c->index};
    c->state = CLIENT_CONNECTING;
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons((uint16_t)all->options->port),
                                 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct epoll_event interest = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = c};
    if (!bind_source(all, c->descriptor) || !prepare_tls(all, c)
        || (connect(c->descriptor, (struct sockaddr *)&server, sizeof server) && errno != EINPROGRESS)
        || epoll_ctl(all->epoll, EPOLL_CTL_ADD, c->descriptor, &interest)) {
        note_failure("connect");
        client_close(c, 0);
        return 0;
    }
    return 1;
}

int client_handshake(struct clients *all, struct client *c) {
    if (c->state == CLIENT_CONNECTING) {
        int error = 0;
        socklen_t size = sizeof error;
        getsockopt(c->descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error) {
            errno = error;
            note_failure("connect");
            return -1;
        }
        c->state = CLIENT_HANDSHAKING;
    }
    ERR_clear_error();
    errno = 0;
    int result = SSL_do_handshake(c->tls);
    if (result != 1) {
        int why = SSL_get_error(c->tls, result);
        if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) return 0;
        note_failure("handshake");
        return -1;
    }
    // From now on only input matters; requests are small enough for any socket.
    struct epoll_event interest = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(all->epoll, EPOLL_CTL_MOD, c->descriptor, &interest);
    return 1;
}

int client_send(struct client *c, size_t (*write)(struct conversation *, uint8_t *)) {
    uint8_t bytes[REQUEST_BYTES_MAX];
    size_t count = write(&c->talk, bytes);
    ERR_clear_error();
    errno = 0;
    if (SSL_write(c->tls, bytes, (int)count) == (int)count) return 1;
    note_failure("write");
    return 0;
}

long client_read(struct client *c, uint8_t *bytes, size_t room) {
    ERR_clear_error();
    errno = 0;
    int result = SSL_read(c->tls, bytes, (int)room);
    if (result > 0) return result;
    int why = SSL_get_error(c->tls, result);
    if (why == SSL_ERROR_WANT_READ) return 0;
    note_failure(why == SSL_ERROR_ZERO_RETURN ? "the server said goodbye" : "read");
    return -1;
}

void client_close(struct client *c, int politely) {
    if (c->tls) {
        if (politely) SSL_shutdown(c->tls);
        // Else OpenSSL takes a session that was not shut down for a broken one.
        SSL_set_shutdown(c->tls, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
        SSL_free(c->tls);
        c->tls = 0;
        ERR_clear_error();
    }
    if (c->descriptor >= 0) close(c->descriptor);
    c->descriptor = -1;
    c->state = CLIENT_CLOSED;
}
