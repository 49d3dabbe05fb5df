// floor: the least that a TLS heartbeat server on libuv and OpenSSL can do. It reads frames (docs/protocol.md), counts
// them, and answers each with the same bytes. It knows nobody, keeps nothing, and decides nothing: what a real server
// needs beyond this is the price of what it does.
//
//   floor --port P --cert FILE --key FILE [--ca FILE] [--gather-us N] [--session-cache | --tickets]
//     --ca             insist on client certificates of this authority
//     --gather-us      after a turn of the loop, let more arrive for so long
//     --session-cache  resumption by sessions kept here, peer's verified certificate included
//     --tickets        resumption by OpenSSL's tickets
//
// One thread, one loop. All connections share the buffers that OpenSSL reads from and writes to, by a BIO of our own:
// copying through memory BIOs costs 5 % more (and 2 kB a connection).
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

enum { HEADER_BYTES = 5, ANSWER_BYTES = 13 };

struct connection {
    uv_tcp_t socket; // first, so that a handle is its connection
    SSL *tls;
    int established;
    uint32_t needed; // bytes of the present message still to come
    uint8_t header[HEADER_BYTES];
    uint32_t header_count;
    uint64_t heartbeats, last_heard_ms;
};

static uv_loop_t *loop;
static SSL_CTX *context;
static BIO_METHOD *shared_buffers;
static unsigned gather_us;
static int keeps_sessions;

// The shared buffers: what one read brought, and what this turn will write.
static struct { uint8_t bytes[65536]; size_t count, position; } cipher_in;
static struct { uint8_t bytes[131072]; size_t count; } cipher_out;
static uint8_t plain_in[16384], answers[16384];

static void give_up(const char *what) {
    fprintf(stderr, "floor: %s\n", what);
    ERR_print_errors_fp(stderr);
    exit(1);
}

// MARK: OpenSSL's view of the shared buffers

static int buffers_read(BIO *bio, char *out, int room) {
    BIO_clear_retry_flags(bio);
    size_t count = cipher_in.count - cipher_in.position;
    if (count == 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    if (count > (size_t)room) count = (size_t)room;
    memcpy(out, cipher_in.bytes + cipher_in.position, count);
    cipher_in.position += count;
    return (int)count;
}

static int buffers_write(BIO *bio, const char *bytes, int count) {
    BIO_clear_retry_flags(bio);
    if (cipher_out.count + (size_t)count > sizeof cipher_out.bytes) {
        BIO_set_retry_write(bio);
        return -1;
    }
    memcpy(cipher_out.bytes + cipher_out.count, bytes, (size_t)count);
    cipher_out.count += (size_t)count;
    return count;
}

static long buffers_control(BIO *bio, int command, long number, void *pointer) {
    (void)bio, (void)number, (void)pointer;
    return command == BIO_CTRL_FLUSH || command == BIO_CTRL_DUP;
}

static int buffers_create(BIO *bio) {
    BIO_set_init(bio, 1);
    return 1;
}

// MARK: heartbeats

// Takes in plain bytes; returns how many bytes of answers they deserve.
static size_t take_in(struct connection *c, const uint8_t *bytes, size_t count) {
    // A response with id 1 and heartbeat {interval 30,000 ms}.
    static const uint8_t answer[ANSWER_BYTES] = {0, 0, 0, 0, 8, 0x08, 1, 0x3A, 4, 0x08, 0xB0, 0xEA, 0x01};
    size_t at = 0, answered = 0;
    while (at < count) {
        if (c->needed > 0) {
            size_t part = count - at < c->needed ? count - at : c->needed;
            c->needed -= (uint32_t)part;
            at += part;
        } else {
            c->header[c->header_count++] = bytes[at++];
            if (c->header_count < HEADER_BYTES) continue;
            c->header_count = 0;
            c->needed = (uint32_t)c->header[1] << 24 | (uint32_t)c->header[2] << 16 | (uint32_t)c->header[3] << 8
                        | c->header[4];
        }
        if (c->needed > 0 || answered + ANSWER_BYTES > sizeof answers) continue;
        c->heartbeats++;
        c->last_heard_ms = uv_now(loop);
        memcpy(answers + answered, answer, ANSWER_BYTES);
        answered += ANSWER_BYTES;
    }
    return answered;
}

// Moves what was read through TLS. False: the connection is to be closed.
static int pump(struct connection *c) {
    for (;;) {
        ERR_clear_error();
        if (!c->established) {
            int result = SSL_accept(c->tls);
            if (result != 1) return SSL_get_error(c->tls, result) == SSL_ERROR_WANT_READ;
            c->established = 1;
        }
        int count = SSL_read(c->tls, plain_in, sizeof plain_in);
        if (count <= 0) return SSL_get_error(c->tls, count) == SSL_ERROR_WANT_READ;
        size_t answered = take_in(c, plain_in, (size_t)count);
        if (answered > 0 && SSL_write(c->tls, answers, (int)answered) <= 0) return 0;
        if (cipher_in.position == cipher_in.count && !SSL_has_pending(c->tls)) return 1;
    }
}

// MARK: sockets

struct late_write { uv_write_t request; uint8_t bytes[]; };

static void late_write_done(uv_write_t *request, int status) {
    (void)status;
    free(request);
}

static void flush(struct connection *c) {
    if (cipher_out.count == 0) return;
    uv_stream_t *stream = (uv_stream_t *)&c->socket;
    uv_buf_t buffer = uv_buf_init((char *)cipher_out.bytes, (unsigned)cipher_out.count);
    int written = uv_try_write(stream, &buffer, 1);
    size_t taken = written > 0 ? (size_t)written : 0, rest = cipher_out.count - taken;
    cipher_out.count = 0;
    if (rest == 0) return;
    struct late_write *late = malloc(sizeof *late + rest);
    memcpy(late->bytes, cipher_out.bytes + taken, rest);
    buffer = uv_buf_init((char *)late->bytes, (unsigned)rest);
    if (uv_write(&late->request, stream, &buffer, 1, late_write_done)) free(late);
}

static void closed(uv_handle_t *handle) {
    struct connection *c = (struct connection *)handle;
    // Else a session of a connection that was cut off is thrown out of the cache.
    if (keeps_sessions) SSL_set_shutdown(c->tls, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(c->tls);
    free(c);
}

static void close_soon(struct connection *c) {
    if (!uv_is_closing((uv_handle_t *)&c->socket)) uv_close((uv_handle_t *)&c->socket, closed);
}

static void lend_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
    (void)handle, (void)suggested;
    *buffer = uv_buf_init((char *)cipher_in.bytes, sizeof cipher_in.bytes);
}

static void arrived(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer) {
    (void)buffer;
    struct connection *c = (struct connection *)stream;
    if (count == 0) return;
    if (count < 0) return close_soon(c);
    cipher_in.count = (size_t)count;
    cipher_in.position = 0;
    int goes_on = pump(c);
    flush(c);
    if (!goes_on) close_soon(c);
}

static void accepted(uv_stream_t *listener, int status) {
    if (status < 0) return;
    struct connection *c = calloc(1, sizeof *c);
    if (!c || !(c->tls = SSL_new(context))) give_up("no memory");
    SSL_set_accept_state(c->tls);
    BIO *bio = BIO_new(shared_buffers);
    SSL_set_bio(c->tls, bio, bio);
    uv_tcp_init(loop, &c->socket);
    if (uv_accept(listener, (uv_stream_t *)&c->socket)) return close_soon(c);
    uv_tcp_nodelay(&c->socket, 1);
    uv_read_start((uv_stream_t *)&c->socket, lend_buffer, arrived);
}

// MARK: set-up

static void set_up_tls(const char *certificate, const char *key, const char *authority, int tickets) {
    shared_buffers = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "shared buffers");
    BIO_meth_set_read(shared_buffers, buffers_read);
    BIO_meth_set_write(shared_buffers, buffers_write);
    BIO_meth_set_ctrl(shared_buffers, buffers_control);
    BIO_meth_set_create(shared_buffers, buffers_create);
    context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(context, 1);
    if (!SSL_CTX_use_certificate_chain_file(context, certificate)) give_up(certificate);
    if (!SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM)) give_up(key);
    if (authority) {
        if (!SSL_CTX_load_verify_locations(context, authority, 0)) give_up(authority);
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, 0);
        SSL_CTX_set_session_id_context(context, (const unsigned char *)"floor", 5);
    }
    if (keeps_sessions) SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode(context, keeps_sessions ? SSL_SESS_CACHE_SERVER : SSL_SESS_CACHE_OFF);
    SSL_CTX_sess_set_cache_size(context, 100000);
    SSL_CTX_set_num_tickets(context, keeps_sessions || tickets);
}

static void let_more_arrive(uv_check_t *check) {
    (void)check;
    usleep(gather_us);
}

// An orderly exit, so that a profiler under which it runs can write its results.
static void asked_to_stop(uv_signal_t *signal, int number) {
    (void)signal, (void)number;
    exit(0);
}

int main(int count, char **texts) {
    static const struct option names[] = {
        {"port", required_argument, 0, 'p'}, {"cert", required_argument, 0, 'c'}, {"key", required_argument, 0, 'k'},
        {"ca", required_argument, 0, 'a'}, {"gather-us", required_argument, 0, 'g'},
        {"session-cache", no_argument, 0, 's'}, {"tickets", no_argument, 0, 't'}, {0, 0, 0, 0},
    };
    const char *certificate = 0, *key = 0, *authority = 0;
    int port = 0, tickets = 0, found;
    while ((found = getopt_long(count, texts, "", names, 0)) != -1) switch (found) {
        case 'p': port = atoi(optarg); break;
        case 'c': certificate = optarg; break;
        case 'k': key = optarg; break;
        case 'a': authority = optarg; break;
        case 'g': gather_us = (unsigned)atoi(optarg); break;
        case 's': keeps_sessions = 1; break;
        case 't': tickets = 1; break;
        default: return 64;
        }
    if (!port || !certificate || !key) {
        fputs("floor: --port, --cert and --key are needed; floor.c says what else there is\n", stderr);
        return 64;
    }
    signal(SIGPIPE, SIG_IGN);
    set_up_tls(certificate, key, authority, tickets);
    loop = uv_default_loop();
    static uv_tcp_t listener;
    static uv_signal_t stop;
    static uv_check_t check;
    struct sockaddr_in address;
    uv_ip4_addr("127.0.0.1", port, &address);
    uv_tcp_init(loop, &listener);
    int error = uv_tcp_bind(&listener, (const struct sockaddr *)&address, 0);
    if (!error) error = uv_listen((uv_stream_t *)&listener, 4096, accepted);
    if (error) give_up(uv_strerror(error));
    uv_signal_init(loop, &stop);
    uv_signal_start(&stop, asked_to_stop, SIGTERM);
    if (gather_us) {
        uv_check_init(loop, &check);
        uv_check_start(&check, let_more_arrive);
    }
    return uv_run(loop, UV_RUN_DEFAULT);
}
