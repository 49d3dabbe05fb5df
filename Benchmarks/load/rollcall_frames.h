// The messages of rollcall/1 (docs/protocol.md) that a node sends, written byte by byte: a load generator of its own
// keeps the server honest about what it accepts.
#pragma once
#include <stddef.h>
#include <stdint.h>

enum { ROLLCALL_FRAME_BYTES_MAX = 512 };

// Each writes a whole frame for node number `node` and returns its length.
size_t rollcall_ping(uint8_t *out, uint64_t request);
size_t rollcall_register(uint8_t *out, uint64_t request, uint32_t node, uint64_t sent_unix_ms);
size_t rollcall_heartbeat(uint8_t *out, uint64_t request, uint32_t node, uint64_t sequence, uint64_t sent_unix_ms);
