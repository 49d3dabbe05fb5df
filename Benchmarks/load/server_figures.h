// What the server's processes used, as the kernel counts it.
#pragma once
#include <sys/types.h>

enum { SERVER_PROCESSES_MAX = 16 };

struct server_figures {
    double cpu_ns;     // process CPU clock: all threads, ended ones too
    double user_ticks; // the same split in two, but sampled by ticks: good for shares of a busy server only
    double system_ticks;
    long resident_bytes;
    long kernel_bytes; // of the whole machine: slabs and socket buffers, both ends of each connection in them
};

// Sums over the processes. One that has ended counts nothing.
struct server_figures server_figures_now(const pid_t *processes, int count);
