#include "server_figures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void add_ticks(pid_t process, struct server_figures *figures) {
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", process);
    FILE *file = fopen(path, "r");
    if (!file) return;
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = 0;
    // The second field is the program's name, which may hold anything: the last parenthesis ends it.
    char *rest = strrchr(text, ')');
    unsigned long user = 0, system = 0;
    if (rest && sscanf(rest + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) == 2) {
        figures->user_ticks += (double)user;
        figures->system_ticks += (double)system;
    }
}

// The number behind a word in a file of /proc, in the file's unit; 0 if it is not there.
static long number_behind(const char *path, const char *line_start, const char *word) {
    char line[256];
    long number = 0;
    FILE *file = fopen(path, "r");
    if (!file) return 0;
    while (fgets(line, sizeof line, file)) {
        if (strncmp(line, line_start, strlen(line_start)) != 0) continue;
        const char *found = strstr(line, word);
        if (found) number = atol(found + strlen(word));
        break;
    }
    fclose(file);
    return number;
}

static void add_memory(pid_t process, struct server_figures *figures) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/status", process);
    figures->resident_bytes += number_behind(path, "VmRSS:", "VmRSS:") * 1024;
}

struct server_figures server_figures_now(const pid_t *processes, int count) {
    struct server_figures figures = {0};
    figures.kernel_bytes = number_behind("/proc/meminfo", "Slab:", "Slab:") * 1024
                           + number_behind("/proc/net/sockstat", "TCP:", " mem ") * sysconf(_SC_PAGESIZE);
    for (int i = 0; i < count; i++) {
        clockid_t clock;
        struct timespec used;
        if (clock_getcpuclockid(processes[i], &clock) == 0 && clock_gettime(clock, &used) == 0)
            figures.cpu_ns += (double)used.tv_sec * 1e9 + (double)used.tv_nsec;
        add_ticks(processes[i], &figures);
        add_memory(processes[i], &figures);
    }
    return figures;
}
