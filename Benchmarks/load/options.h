// What the command line asks for.
#pragma once
#include <stdint.h>
#include <sys/types.h>

#include "protocols.h"
#include "server_figures.h"

enum mode {
    MODE_CLOSED,     // each connection has one request unanswered, always
    MODE_PACED,      // each connection sends one request each interval, evenly spread, whatever the server does
    MODE_IDLE,       // connections are made and held
    MODE_HANDSHAKES, // connect, handshake, one request, one answer, close, again and again
    MODE_REGISTER,   // connections are made, then each sends its hello
    MODE_FRAMES,     // no server: writes the frames of each node to files
};

struct options {
    enum mode mode;
    const struct protocol *protocol;
    int port;
    uint32_t connections, first_node, in_flight;
    uint64_t requests_each; // closed: stop after so many on each connection; 0: by time
    double seconds, warmup, interval, rate;
    int resume, waits;
    const char *identities, *authority, *frames;
    pid_t servers[SERVER_PROCESSES_MAX];
    int server_count;
};

// Prints how to use it, or what is wrong, and exits with 64 if the options make no sense.
struct options options_read(int count, char **texts);
