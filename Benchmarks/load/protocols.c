#include "protocols.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "rollcall_frames.h"

static uint64_t unix_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

// Keeps how a response begins. Returns how many of the bytes were taken.
static size_t keep_start(struct conversation *c, const uint8_t *bytes, size_t count, uint32_t wanted) {
    size_t taken = 0;
    while (taken < count && c->start_count < wanted) c->start[c->start_count++] = bytes[taken++];
    return taken;
}

// MARK: rollcall/1

static size_t rollcall_hello(struct conversation *c, uint8_t *out) {
    return rollcall_register(out, ++c->requests, c->node, unix_ms());
}

static size_t rollcall_stranger_hello(struct conversation *c, uint8_t *out) {
    return rollcall_ping(out, ++c->requests);
}

static size_t rollcall_request(struct conversation *c, uint8_t *out) {
    return rollcall_heartbeat(out, ++c->requests, c->node, ++c->beats, unix_ms());
}

// Counts a response; -1 for a refusal (Response.status, field 2). A notice (no id, field 1) is no response.
static int rollcall_judge(const struct conversation *c) {
    enum { HEADER = 5, TAG_ID = 0x08, TAG_STATUS = 0x10 };
    if (c->start_count <= HEADER || c->start[HEADER] != TAG_ID) return 0;
    uint32_t at = HEADER + 1;
    while (at < c->start_count && c->start[at] & 0x80) at++;
    at++;
    return at < c->start_count && c->start[at] == TAG_STATUS ? -1 : 1;
}

static int rollcall_responses(struct conversation *c, const uint8_t *bytes, size_t count) {
    enum { HEADER = 5, START = 20 };
    int done = 0;
    size_t at = 0;
    while (at < count) {
        if (c->needed == 0) {
            at += keep_start(c, bytes + at, count - at, HEADER);
            if (c->start_count < HEADER) break;
            c->needed = (uint32_t)c->start[1] << 24 | (uint32_t)c->start[2] << 16 | (uint32_t)c->start[3] << 8 | c->start[4];
            if (c->start[0] != 0 || c->needed == 0 || c->needed > 1 << 20) return -1;
        }
        size_t part = count - at < c->needed ? count - at : c->needed;
        keep_start(c, bytes + at, part, START);
        at += part;
        c->needed -= (uint32_t)part;
        if (c->needed == 0) {
            int verdict = rollcall_judge(c);
            if (verdict < 0) return -1;
            done += verdict;
            c->start_count = 0;
        }
    }
    return done;
}

// MARK: MQTT 3.1.1

static size_t mqtt_hello(struct conversation *c, uint8_t *out) {
    char id[16];
    int length = snprintf(id, sizeof id, "node%06u", c->node);
    static const uint8_t variable[] = {0, 4, 'M', 'Q', 'T', 'T', 4, 2 /* clean session */, 0x02, 0x58 /* 600 s */};
    size_t at = 0;
    out[at++] = 0x10;
    out[at++] = (uint8_t)(sizeof variable + 2 + (size_t)length);
    memcpy(out + at, variable, sizeof variable);
    at += sizeof variable;
    out[at++] = 0;
    out[at++] = (uint8_t)length;
    memcpy(out + at, id, (size_t)length);
    return at + (size_t)length;
}

static size_t mqtt_ping(struct conversation *c, uint8_t *out) {
    (void)c;
    out[0] = 0xC0;
    out[1] = 0;
    return 2;
}

static int mqtt_responses(struct conversation *c, const uint8_t *bytes, size_t count) {
    int done = 0;
    for (size_t at = 0; at < count; at++) {
        c->start[c->start_count++] = bytes[at];
        if (c->start_count < 2 || c->start_count < 2u + c->start[1]) continue;
        int isPong = c->start[0] == 0xD0 && c->start[1] == 0;
        int isAccepted = c->start[0] == 0x20 && c->start[1] == 2 && c->start[3] == 0;
        if (!isPong && !isAccepted) return -1;
        c->start_count = 0;
        done++;
    }
    return done;
}

// MARK: HTTP/1.1

static size_t http_request(struct conversation *c, uint8_t *out) {
    (void)c;
    static const char text[] = "GET /heartbeat HTTP/1.1\r\nHost: localhost\r\n\r\n";
    memcpy(out, text, sizeof text - 1);
    return sizeof text - 1;
}

// Only answers without a body (204), which end with their header.
static int http_responses(struct conversation *c, const uint8_t *bytes, size_t count) {
    static const char end[] = "\r\n\r\n";
    int done = 0;
    for (size_t at = 0; at < count; at++) {
        if (c->start_count < 12) {
            c->start[c->start_count++] = bytes[at];
            if (c->start_count == 12 && memcmp(c->start, "HTTP/1.1 204", 12) != 0) return -1;
        }
        c->needed = bytes[at] == end[c->needed] ? c->needed + 1 : bytes[at] == '\r';
        if (c->needed < 4) continue;
        c->needed = c->start_count = 0;
        done++;
    }
    return done;
}

// MARK: Redis

static size_t redis_ping(struct conversation *c, uint8_t *out) {
    (void)c;
    memcpy(out, "*1\r\n$4\r\nPING\r\n", 14);
    return 14;
}

// A heartbeat as one would keep it there: a key that expires.
static size_t redis_set(struct conversation *c, uint8_t *out) {
    return (size_t)snprintf((char *)out, REQUEST_BYTES_MAX,
                            "*5\r\n$3\r\nSET\r\n$10\r\nnode%06u\r\n$30\r\n%030lu\r\n$2\r\nEX\r\n$2\r\n60\r\n", c->node,
                            (unsigned long)++c->beats);
}

static int redis_responses(struct conversation *c, const uint8_t *bytes, size_t count) {
    int done = 0;
    for (size_t at = 0; at < count; at++) {
        if (c->start_count == 0 && bytes[at] != '+') return -1;
        c->start_count = 1;
        if (bytes[at] != '\n') continue;
        c->start_count = 0;
        done++;
    }
    return done;
}

const struct protocol *protocol_named(const char *name) {
    static const struct protocol all[] = {
        {"rollcall", "rollcall/1", rollcall_hello, rollcall_stranger_hello, rollcall_request, rollcall_responses},
        {"mqtt", 0, mqtt_hello, mqtt_hello, mqtt_ping, mqtt_responses},
        {"http", "http/1.1", http_request, http_request, http_request, http_responses},
        {"redis", 0, redis_ping, redis_ping, redis_set, redis_responses},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (!strcmp(all[i].name, name)) return &all[i];
    return 0;
}
