// What is said on a connection, for Rollcall (and the floor, which answers the same frames) and for the peers.
#pragma once
#include <stddef.h>
#include <stdint.h>

// Where a connection is in the stream of responses, and who it is.
struct conversation {
    uint32_t node;      // number of the simulated node
    uint64_t requests;  // made so far, the hello included
    uint64_t beats;     // of those, heartbeats
    uint32_t needed;    // bytes of the present response still to come
    uint8_t start[32];  // how the present response began
    uint32_t start_count;
};

enum { REQUEST_BYTES_MAX = 512 };

struct protocol {
    const char *name;
    const char *alpn; // to offer; null: none
    // Each writes one request and returns its length. The hello comes first on a connection; a stranger's is what a
    // handshake is followed by when only the handshake is to be measured.
    size_t (*hello)(struct conversation *, uint8_t *out);
    size_t (*stranger_hello)(struct conversation *, uint8_t *out);
    size_t (*request)(struct conversation *, uint8_t *out);
    // Takes in bytes; returns how many responses they complete, -1 if one is not what it should be.
    int (*responses)(struct conversation *, const uint8_t *bytes, size_t count);
};

// Null if there is none of this name.
const struct protocol *protocol_named(const char *name);
