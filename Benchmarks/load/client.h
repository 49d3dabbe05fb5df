// One TLS connection to the server, non-blocking, and what is under way on it.
#pragma once
#include <openssl/ssl.h>
#include <stddef.h>
#include <stdint.h>

#include "options.h"
#include "protocols.h"

enum client_state {
    CLIENT_CLOSED,
    CLIENT_CONNECTING,
    CLIENT_HANDSHAKING,
    CLIENT_GREETING, // the hello is unanswered
    CLIENT_READY,
};

enum { UNANSWERED_MAX = 16 };

struct client {
    int descriptor;
    enum client_state state;
    uint32_t index;
    SSL *tls;
    SSL_SESSION *session; // the newest one of this node, to offer next time
    struct conversation talk;
    uint64_t began_at;                   // connecting began
    uint64_t due_at;                     // paced: when the next request is due
    uint64_t asked_at[UNANSWERED_MAX];   // when each unanswered request was sent, or was due; a ring
    uint32_t asked_first, asked_count;
};

// What all clients share.
struct clients {
    const struct options *options;
    SSL_CTX *context;
    int epoll;
    X509 **certificates;
    EVP_PKEY **keys;
    uint32_t identity_count;
    uint32_t connects; // so far
};

uint64_t now_ns(void);

// Sets up TLS, and reads `count` identities. Says what is wrong and exits if that fails.
void clients_open(struct clients *all, const struct options *options, uint32_t count);
// Begins to connect. False: the socket layer refuses.
int client_connect(struct clients *all, struct client *c);
// Goes on with a handshake: 1 done, 0 more to come, -1 failed.
int client_handshake(struct clients *all, struct client *c);
// Sends what a protocol's function writes. False if that failed: what is sent is small, a full socket is a failure.
int client_send(struct client *c, size_t (*write)(struct conversation *, uint8_t *));
// Reads once: the number of bytes, 0 if there are none now, -1 at the end of the connection.
long client_read(struct client *c, uint8_t *bytes, size_t room);
// Ends the connection, politely or not.
void client_close(struct client *c, int politely);
// The first failure of this run, in words.
const char *client_first_failure(void);
