#include "rollcall_frames.h"

#include <stdio.h>
#include <string.h>

enum { HEADER_BYTES = 5 };

// Field numbers of proto/rollcall/v1.
enum { REQUEST_ID = 1, REQUEST_PING = 5, REQUEST_REGISTER = 6, REQUEST_HEARTBEAT = 7 };
enum { PING_PAYLOAD = 1 };
enum {
    REGISTER_HOSTNAME = 1, REGISTER_ROLE = 2, REGISTER_PLATFORM = 4, REGISTER_OS_VERSION = 5,
    REGISTER_AGENT_VERSION = 6, REGISTER_ADDRESSES = 7, REGISTER_SITE = 8, REGISTER_BOOT_ID = 10,
    REGISTER_MACHINE_ID = 11, REGISTER_SERVICES = 12, REGISTER_SENT_UNIX_MS = 14,
};
enum { ROLE_MOBILITY_AGENT = 1, PLATFORM_LINUX = 1 };
enum { HEARTBEAT_SEQUENCE = 1, HEARTBEAT_BOOT_TAG = 2, HEARTBEAT_SENT_UNIX_MS = 3 };
enum { SERVICE_NAME = 1, SERVICE_STATE = 2, SERVICE_START_TYPE = 3, STATE_RUNNING = 1, START_AUTOMATIC = 1 };

enum wire_type { VARINT = 0, FIXED64 = 1, BYTES = 2 };

struct writer { uint8_t bytes[ROLLCALL_FRAME_BYTES_MAX]; size_t count; };

static void put_raw_varint(struct writer *w, uint64_t value) {
    for (; value >= 0x80; value >>= 7) w->bytes[w->count++] = (uint8_t)(value | 0x80);
    w->bytes[w->count++] = (uint8_t)value;
}

static void put_tag(struct writer *w, int field, enum wire_type type) { put_raw_varint(w, (uint64_t)field << 3 | type); }

static void put_varint(struct writer *w, int field, uint64_t value) {
    put_tag(w, field, VARINT);
    put_raw_varint(w, value);
}

static void put_fixed64(struct writer *w, int field, uint64_t value) {
    put_tag(w, field, FIXED64);
    for (int i = 0; i < 8; i++) w->bytes[w->count++] = (uint8_t)(value >> (8 * i));
}

static void put_bytes(struct writer *w, int field, const void *bytes, size_t count) {
    put_tag(w, field, BYTES);
    put_raw_varint(w, count);
    memcpy(w->bytes + w->count, bytes, count);
    w->count += count;
}

static void put_text(struct writer *w, int field, const char *text) { put_bytes(w, field, text, strlen(text)); }

// A request with one method's message, in a frame: flags 0, length big-endian.
static size_t frame(uint8_t *out, uint64_t request, int method, const struct writer *message) {
    struct writer w = {.count = 0};
    put_varint(&w, REQUEST_ID, request);
    put_bytes(&w, method, message->bytes, message->count);
    out[0] = 0;
    for (int i = 0; i < 4; i++) out[1 + i] = (uint8_t)(w.count >> (24 - 8 * i));
    memcpy(out + HEADER_BYTES, w.bytes, w.count);
    return HEADER_BYTES + w.count;
}

// SplitMix64: the same boot for the same node in every run.
static uint64_t mixed(uint64_t value) {
    value += 0x9e3779b97f4a7c15;
    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
    value = (value ^ value >> 27) * 0x94d049bb133111eb;
    return value ^ value >> 31;
}

// The last eight bytes of a node's boot id as a little-endian number, as a heartbeat carries it.
static uint64_t boot_tag(uint32_t node) { return mixed(2 * (uint64_t)node + 1) | 1; }

static void put_service(struct writer *w, const char *name) {
    struct writer service = {.count = 0};
    put_text(&service, SERVICE_NAME, name);
    put_varint(&service, SERVICE_STATE, STATE_RUNNING);
    put_varint(&service, SERVICE_START_TYPE, START_AUTOMATIC);
    put_bytes(w, REGISTER_SERVICES, service.bytes, service.count);
}

size_t rollcall_ping(uint8_t *out, uint64_t request) {
    struct writer w = {.count = 0};
    put_text(&w, PING_PAYLOAD, "bench");
    return frame(out, request, REQUEST_PING, &w);
}

size_t rollcall_register(uint8_t *out, uint64_t request, uint32_t node, uint64_t sent_unix_ms) {
    struct writer w = {.count = 0};
    char text[64];
    snprintf(text, sizeof text, "node-%06u.example.net", node);
    put_text(&w, REGISTER_HOSTNAME, text);
    put_varint(&w, REGISTER_ROLE, ROLE_MOBILITY_AGENT);
    put_varint(&w, REGISTER_PLATFORM, PLATFORM_LINUX);
    put_text(&w, REGISTER_OS_VERSION, "Debian GNU/Linux 12 (bookworm)");
    put_text(&w, REGISTER_AGENT_VERSION, "0.1.0");
    snprintf(text, sizeof text, "10.%u.%u.%u", node >> 16 & 255, node >> 8 & 255, node & 255);
    put_text(&w, REGISTER_ADDRESSES, text);
    snprintf(text, sizeof text, "site-%02u", node % 20);
    put_text(&w, REGISTER_SITE, text);
    uint64_t boot[2] = {mixed(2 * (uint64_t)node), boot_tag(node)};
    uint8_t boot_id[16];
    for (int i = 0; i < 16; i++) boot_id[i] = (uint8_t)(boot[i / 8] >> (8 * (i % 8)));
    put_bytes(&w, REGISTER_BOOT_ID, boot_id, sizeof boot_id);
    snprintf(text, sizeof text, "machine-%06u", node);
    put_text(&w, REGISTER_MACHINE_ID, text);
    put_service(&w, "svagents");
    put_service(&w, "InMage Scout Application Service");
    put_varint(&w, REGISTER_SENT_UNIX_MS, sent_unix_ms);
    return frame(out, request, REQUEST_REGISTER, &w);
}

size_t rollcall_heartbeat(uint8_t *out, uint64_t request, uint32_t node, uint64_t sequence, uint64_t sent_unix_ms) {
    struct writer w = {.count = 0};
    put_varint(&w, HEARTBEAT_SEQUENCE, sequence);
    put_fixed64(&w, HEARTBEAT_BOOT_TAG, boot_tag(node));
    put_fixed64(&w, HEARTBEAT_SENT_UNIX_MS, sent_unix_ms);
    return frame(out, request, REQUEST_HEARTBEAT, &w);
}
