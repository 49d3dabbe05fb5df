#include "options.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "load --mode MODE --port P [options]      a TLS load generator; it only ever talks to 127.0.0.1\n"
    "  --mode closed|paced|idle|handshakes|register     what each connection does\n"
    "  --mode frames --frames DIR --connections N       writes register.rec and heartbeat.rec, and needs no port\n"
    "  --protocol rollcall|mqtt|http|redis              what is spoken (rollcall)\n"
    "  --connections N   --first I                      how many (1), and the number of the first one's node (0)\n"
    "  --in-flight N                                    connections, or registrations, on their way at a time (64)\n"
    "  --seconds S   --warmup S                         how long to measure (3), and to run before that (1)\n"
    "  --requests N                                     closed: N on each connection, instead of a time\n"
    "  --interval S                                     paced: between two requests of a connection (1)\n"
    "  --rate N                                         register: this many a second at most\n"
    "  --identities DIR                                 connection I shows the certificate and key in DIR/(first+I).pem\n"
    "  --ca FILE                                        insist on a server with a certificate of this authority\n"
    "  --resume                                         handshakes: offer the last session of the same node\n"
    "  --wait                                           say `ready` on standard error when connected, begin at a line of input;\n"
    "                                                   register: stay connected until the next line, or the input's end\n"
    "  --server PID                                     whose processor time and memory to report; repeatable\n";

static void wrong(const char *format, ...) {
    va_list rest;
    va_start(rest, format);
    fputs("load: ", stderr);
    vfprintf(stderr, format, rest);
    fputs("; try: load --help\n", stderr);
    va_end(rest);
    exit(64);
}

static double number(const char *name, const char *text, double least, double most) {
    char *end;
    double value = strtod(text, &end);
    if (*end || !(value >= least && value <= most)) wrong("--%s is '%s', not a number from %g to %g", name, text, least, most);
    return value;
}

static enum mode mode_named(const char *text) {
    static const char *const names[] = {"closed", "paced", "idle", "handshakes", "register", "frames"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(names[i], text)) return (enum mode)i;
    wrong("--mode is '%s', which is none", text);
    return MODE_IDLE;
}

enum { OPT_MODE = 256, OPT_PROTOCOL, OPT_PORT, OPT_CONNECTIONS, OPT_FIRST, OPT_IN_FLIGHT, OPT_SECONDS, OPT_WARMUP,
       OPT_REQUESTS, OPT_INTERVAL, OPT_RATE, OPT_IDENTITIES, OPT_CA, OPT_RESUME, OPT_SERVER, OPT_WAIT, OPT_FRAMES, OPT_HELP };

static const struct option names[] = {
    {"mode", required_argument, 0, OPT_MODE},
    {"protocol", required_argument, 0, OPT_PROTOCOL},
    {"port", required_argument, 0, OPT_PORT},
    {"connections", required_argument, 0, OPT_CONNECTIONS},
    {"first", required_argument, 0, OPT_FIRST},
    {"in-flight", required_argument, 0, OPT_IN_FLIGHT},
    {"seconds", required_argument, 0, OPT_SECONDS},
    {"warmup", required_argument, 0, OPT_WARMUP},
    {"requests", required_argument, 0, OPT_REQUESTS},
    {"interval", required_argument, 0, OPT_INTERVAL},
    {"rate", required_argument, 0, OPT_RATE},
    {"identities", required_argument, 0, OPT_IDENTITIES},
    {"ca", required_argument, 0, OPT_CA},
    {"resume", no_argument, 0, OPT_RESUME},
    {"wait", no_argument, 0, OPT_WAIT},
    {"server", required_argument, 0, OPT_SERVER},
    {"frames", required_argument, 0, OPT_FRAMES},
    {"help", no_argument, 0, OPT_HELP},
    {0, 0, 0, 0},
};

struct options options_read(int count, char **texts) {
    struct options o = {.mode = MODE_CLOSED, .protocol = protocol_named("rollcall"), .connections = 1, .in_flight = 64,
                        .seconds = 3, .warmup = 1, .interval = 1};
    int found, index = 0;
    while ((found = getopt_long(count, texts, "", names, &index)) != -1) {
        const char *name = found >= OPT_MODE ? names[index].name : "";
        switch (found) {
        case OPT_MODE: o.mode = mode_named(optarg); break;
        case OPT_PROTOCOL:
            o.protocol = protocol_named(optarg);
            if (!o.protocol) wrong("--protocol is '%s', which is none", optarg);
            break;
        case OPT_PORT: o.port = (int)number(name, optarg, 1, 65535); break;
        case OPT_CONNECTIONS: o.connections = (uint32_t)number(name, optarg, 1, 1e6); break;
        case OPT_FIRST: o.first_node = (uint32_t)number(name, optarg, 0, 1e6); break;
        case OPT_IN_FLIGHT: o.in_flight = (uint32_t)number(name, optarg, 1, 1e6); break;
        case OPT_SECONDS: o.seconds = number(name, optarg, 0, 86400); break;
        case OPT_WARMUP: o.warmup = number(name, optarg, 0, 3600); break;
        case OPT_REQUESTS: o.requests_each = (uint64_t)number(name, optarg, 1, 1e12); break;
        case OPT_INTERVAL: o.interval = number(name, optarg, 1e-4, 3600); break;
        case OPT_RATE: o.rate = number(name, optarg, 1, 1e7); break;
        case OPT_IDENTITIES: o.identities = optarg; break;
        case OPT_CA: o.authority = optarg; break;
        case OPT_RESUME: o.resume = 1; break;
        case OPT_WAIT: o.waits = 1; break;
        case OPT_FRAMES: o.frames = optarg; break;
        case OPT_SERVER:
            if (o.server_count == SERVER_PROCESSES_MAX) wrong("more than %d times --server", SERVER_PROCESSES_MAX);
            o.servers[o.server_count++] = (pid_t)number(name, optarg, 1, 1e9);
            break;
        case OPT_HELP:
            fputs(usage, stdout);
            exit(0);
        default: exit(64); // getopt has said what is wrong
        }
    }
    if (optind != count) wrong("'%s' is no option", texts[optind]);
    if (o.mode == MODE_FRAMES ? !o.frames : !o.port) wrong(o.mode == MODE_FRAMES ? "--frames is missing" : "--port is missing");
    return o;
}
