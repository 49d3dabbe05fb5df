// load: many TLS connections with small requests and answers, from one thread. See `load --help` and ../README.md.
//
// What the figures mean:
//   cpu_us_per_operation   the server's process CPU clock over the window, by the operations answered in it
//   latency                closed: from a request to its answer; paced: from when it was due, so that a server that
//                          stalls cannot hide behind requests that were sent late; handshakes: from connect to the answer
//   lag                    paced: how late the generator itself was
//   memory_per_connection  resident memory with all connections open and greeted, less that before, by their number
//   generator_share        of a core. Near 1 the rate is the generator's limit, not the server's; processor time counts.
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "client.h"
#include "histogram.h"
#include "rollcall_frames.h"

enum phase { PHASE_CONNECTING, PHASE_RUNNING, PHASE_ENDING };

static struct {
    struct options options;
    struct clients clients;
    struct client *all;
    enum phase phase;
    int measuring;
    uint32_t started, ready, on_their_way;
    uint64_t operations, resumed, full, failures, unanswered_at_end, overruns;
    uint64_t requests_left; // closed, by number: to be sent yet; register: hellos to be sent yet
    uint32_t next_due;      // paced: whose turn it is
    uint32_t next_hello;    // register
    uint64_t run_began_at;
    struct histogram latency, handshake, lag;
} run;

static void fail(struct client *c) {
    run.failures++;
    if (c->state == CLIENT_READY) run.ready--;
    else if (c->state != CLIENT_CLOSED) run.on_their_way--;
    client_close(c, 0);
}

static int ask(struct client *c, size_t (*write)(struct conversation *, uint8_t *), uint64_t since) {
    if (c->asked_count == UNANSWERED_MAX) {
        run.overruns++;
        return 1;
    }
    c->asked_at[(c->asked_first + c->asked_count++) % UNANSWERED_MAX] = since;
    if (client_send(c, write)) return 1;
    fail(c);
    return 0;
}

static void ask_next(struct client *c) {
    if (run.phase != PHASE_RUNNING) return;
    if (run.options.requests_each) {
        if (c->talk.beats >= run.options.requests_each) return;
        run.requests_left--;
    }
    ask(c, run.options.protocol->request, now_ns());
}

static void start(struct client *c) {
    run.on_their_way++;
    if (!client_connect(&run.clients, c)) {
        run.on_their_way--;
        run.failures++;
    }
}

static void shaken(struct client *c) {
    if (SSL_session_reused(c->tls)) run.resumed++;
    else run.full++;
    if (run.options.mode != MODE_HANDSHAKES) histogram_add(&run.handshake, now_ns() - c->began_at);
    c->state = CLIENT_GREETING;
    int strangers = run.options.mode == MODE_HANDSHAKES || run.options.mode == MODE_REGISTER;
    if (!client_send(c, strangers ? run.options.protocol->stranger_hello : run.options.protocol->hello)) fail(c);
}

static void greeted(struct client *c) {
    if (run.options.mode != MODE_HANDSHAKES) {
        run.on_their_way--;
        run.ready++;
        c->state = CLIENT_READY;
        return;
    }
    if (run.measuring) histogram_add(&run.latency, now_ns() - c->began_at);
    run.operations++;
    run.on_their_way--;
    client_close(c, 1);
    if (run.phase == PHASE_RUNNING) start(c);
}

static void answered(struct client *c) {
    if (c->state == CLIENT_GREETING) return greeted(c);
    if (c->asked_count == 0) return;
    uint64_t since = c->asked_at[c->asked_first];
    c->asked_first = (c->asked_first + 1) % UNANSWERED_MAX;
    c->asked_count--;
    run.operations++;
    if (run.measuring) histogram_add(&run.latency, now_ns() - since);
    if (run.options.mode == MODE_CLOSED) ask_next(c);
}

static void readable(struct client *c) {
    static uint8_t bytes[65536];
    while (c->state == CLIENT_GREETING || c->state == CLIENT_READY) {
        SSL *tls = c->tls;
        long count = client_read(c, bytes, sizeof bytes);
        if (count == 0) return;
        int done = count < 0 ? -1 : run.options.protocol->responses(&c->talk, bytes, (size_t)count);
        if (done < 0) return fail(c);
        for (int i = 0; i < done; i++) answered(c);
        if (c->tls != tls || !SSL_has_pending(tls)) return;
    }
}

static void happened(struct client *c) {
    if (c->state == CLIENT_CONNECTING || c->state == CLIENT_HANDSHAKING) {
        int progress = client_handshake(&run.clients, c);
        if (progress < 0) return fail(c);
        if (progress == 0) return;
        shaken(c);
    }
    readable(c);
}

static void wait_and_serve(uint64_t nanoseconds) {
    struct epoll_event events[512];
    struct timespec limit = {.tv_nsec = (long)nanoseconds};
    int count = epoll_pwait2(run.clients.epoll, events, 512, &limit, 0);
    for (int i = 0; i < count; i++) happened(events[i].data.ptr);
}

// Sends what is due. Returns how long until the next is, 5 ms at most.
static uint64_t send_due(void) {
    uint64_t interval = (uint64_t)(run.options.interval * 1e9);
    for (int burst = 0; burst < 32; burst++) {
        struct client *c = &run.all[run.next_due];
        uint64_t now = now_ns();
        if (c->due_at > now) return c->due_at - now < 5000000 ? c->due_at - now : 5000000;
        if (c->state == CLIENT_READY) {
            if (run.measuring) histogram_add(&run.lag, now - c->due_at);
            ask(c, run.options.protocol->request, c->due_at);
        }
        c->due_at += interval;
        run.next_due = (run.next_due + 1) % run.options.connections;
    }
    return 0;
}

// Register: sends hellos, as many as the rate and the window allow.
static uint64_t send_hellos(uint64_t now) {
    uint64_t allowed = run.options.connections;
    if (run.options.rate > 0) allowed = (uint64_t)((double)(now - run.run_began_at) / 1e9 * run.options.rate) + 1;
    while (run.requests_left > 0 && run.next_hello < allowed && run.next_hello - run.operations < run.options.in_flight) {
        struct client *c = &run.all[run.next_hello++];
        run.requests_left--;
        if (c->state == CLIENT_READY) ask(c, run.options.protocol->hello, now_ns());
    }
    return 200000;
}

static void serve_for(double seconds) {
    uint64_t end = now_ns() + (uint64_t)(seconds * 1e9);
    for (uint64_t now = now_ns(); now < end; now = now_ns()) {
        uint64_t nap = 5000000;
        if (run.phase == PHASE_RUNNING && run.options.mode == MODE_PACED) nap = send_due();
        wait_and_serve(nap < end - now ? nap : end - now);
    }
}

static void connect_all(void) {
    uint64_t patience = now_ns() + 120000000000;
    while (run.started < run.options.connections || run.on_their_way > 0) {
        while (run.started < run.options.connections && run.on_their_way < run.options.in_flight)
            start(&run.all[run.started++]);
        wait_and_serve(5000000);
        if (run.failures > 100 || now_ns() > patience) {
            fprintf(stderr, "load: %u of %u connections came to be, %lu failed: %s\n", run.ready,
                    run.options.connections, (unsigned long)run.failures, client_first_failure());
            exit(3);
        }
    }
}

static void begin(void) {
    run.phase = PHASE_RUNNING;
    run.run_began_at = now_ns() + 1000000;
    double interval = run.options.interval * 1e9;
    run.requests_left = run.options.mode == MODE_REGISTER ? run.options.connections
                                                          : run.options.requests_each * run.options.connections;
    for (uint32_t i = 0; i < run.options.connections; i++) {
        struct client *c = &run.all[i];
        c->due_at = run.run_began_at + (uint64_t)(interval * i / run.options.connections);
        if (run.options.mode == MODE_HANDSHAKES) start(c);
        else if (run.options.mode == MODE_CLOSED && c->state == CLIENT_READY) ask_next(c);
    }
}

// Runs until the work that was counted out is done, 10 minutes at most.
static void serve_until_done(void) {
    uint64_t patience = now_ns() + 600000000000;
    for (;;) {
        uint64_t nap = run.options.mode == MODE_REGISTER ? send_hellos(now_ns()) : 5000000;
        wait_and_serve(nap);
        uint64_t open = 0;
        for (uint32_t i = 0; i < run.options.connections; i++) open += run.all[i].asked_count;
        if ((run.requests_left == 0 && open == 0) || run.ready == 0 || now_ns() > patience) return;
    }
}

static void drain(void) {
    run.phase = PHASE_ENDING;
    uint64_t patience = now_ns() + 3000000000;
    do {
        run.unanswered_at_end = 0;
        for (uint32_t i = 0; i < run.options.connections; i++) run.unanswered_at_end += run.all[i].asked_count;
        if (run.unanswered_at_end + run.on_their_way == 0) return;
        wait_and_serve(1000000);
    } while (now_ns() < patience);
}

static void wait_for_a_line(void) {
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    while (poll(&input, 1, 0) == 0) wait_and_serve(1000000);
    char line[64];
    if (read(STDIN_FILENO, line, sizeof line) < 0) perror("load");
}

// For runs of several generators that have to begin together.
static void wait_for_the_word(void) {
    fputs("ready\n", stderr);
    wait_for_a_line();
}

static double own_cpu_ns(void) {
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (double)used.tv_sec * 1e9 + (double)used.tv_nsec;
}

static struct server_figures server_now(void) {
    return server_figures_now(run.options.servers, run.options.server_count);
}

static int run_all(void) {
    const struct options *o = &run.options;
    int by_count = o->requests_each || o->mode == MODE_REGISTER;
    struct server_figures before = server_now(), connected = before, idle = before;
    uint64_t connecting_since = now_ns();
    double connecting_seconds = 0;
    if (o->mode != MODE_HANDSHAKES) {
        connect_all();
        connecting_seconds = (double)(now_ns() - connecting_since) / 1e9;
        connected = server_now();
        serve_for(1); // let the server come to rest
        idle = server_now();
        if (o->waits) wait_for_the_word();
    }
    if (o->mode == MODE_IDLE) serve_for(o->seconds);
    else begin();
    if (!by_count && o->mode != MODE_IDLE) serve_for(o->warmup);

    uint64_t full = run.full, resumed = run.resumed, operations = run.operations;
    struct server_figures first = server_now();
    double own = own_cpu_ns();
    uint64_t since = now_ns();
    run.measuring = 1;
    if (by_count) serve_until_done();
    else if (o->mode != MODE_IDLE) serve_for(o->seconds);
    run.measuring = 0;
    double window_ns = (double)(now_ns() - since);
    struct server_figures last = server_now();
    own = own_cpu_ns() - own;
    operations = run.operations - operations;
    if (o->mode == MODE_HANDSHAKES) full = run.full - full, resumed = run.resumed - resumed;
    drain();
    // Thousands that leave at once would be measured by whoever measures beside.
    if (o->waits && o->mode == MODE_REGISTER) wait_for_a_line();

    double per = operations ? (double)operations : 1, ticks = last.user_ticks - first.user_ticks + last.system_ticks - first.system_ticks;
    printf("{\"connections\": %u, \"connecting_seconds\": %.3f, \"full_handshakes\": %lu, \"resumed_handshakes\": %lu,\n",
           o->connections, connecting_seconds, (unsigned long)full, (unsigned long)resumed);
    printf(" \"window_seconds\": %.4f, \"operations\": %lu, \"operations_per_second\": %.1f,\n", window_ns / 1e9,
           (unsigned long)operations, (double)operations / (window_ns / 1e9));
    printf(" \"cpu_us_per_operation\": %.3f, \"server_share\": %.4f, \"kernel_share\": %.4f, \"generator_share\": %.4f,\n",
           (last.cpu_ns - first.cpu_ns) / 1e3 / per, (last.cpu_ns - first.cpu_ns) / window_ns,
           ticks > 0 ? (last.system_ticks - first.system_ticks) / ticks : 0, own / window_ns);
    printf(" \"cpu_us_per_connect\": %.2f, \"resident_before\": %ld, \"resident_connected\": %ld, \"memory_per_connection\": %.1f,\n",
           (connected.cpu_ns - before.cpu_ns) / 1e3 / o->connections, before.resident_bytes, idle.resident_bytes,
           (double)(idle.resident_bytes - before.resident_bytes) / o->connections);
    // Halved: the generator's sockets are on this machine, too.
    printf(" \"kernel_memory_per_connection\": %.1f, ", (double)(idle.kernel_bytes - before.kernel_bytes) / o->connections / 2);
    printf("\"memory_per_connection_after\": %.1f, ", (double)(last.resident_bytes - before.resident_bytes) / o->connections);
    histogram_write_json(&run.latency, "latency", stdout);
    printf(",\n ");
    histogram_write_json(&run.handshake, "handshake", stdout);
    printf(",\n ");
    histogram_write_json(&run.lag, "lag", stdout);
    printf(",\n \"failures\": %lu, \"overruns\": %lu, \"unanswered\": %lu, \"first_failure\": \"%s\"}\n",
           (unsigned long)run.failures, (unsigned long)run.overruns, (unsigned long)run.unanswered_at_end,
           client_first_failure());
    return run.failures + run.unanswered_at_end ? 1 : 0;
}

// MARK: frames for other load generators

static void write_record(FILE *file, const uint8_t *bytes, size_t count) {
    uint8_t length[4] = {(uint8_t)(count >> 24), (uint8_t)(count >> 16), (uint8_t)(count >> 8), (uint8_t)count};
    fwrite(length, 1, 4, file);
    fwrite(bytes, 1, count, file);
}

static FILE *create(const char *name) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", run.options.frames, name);
    FILE *file = fopen(path, "wb");
    if (!file) {
        fprintf(stderr, "load: %s: %s\n", path, strerror(errno));
        exit(1);
    }
    return file;
}

static int write_frames(void) {
    uint8_t bytes[ROLLCALL_FRAME_BYTES_MAX];
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t unix_ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
    FILE *registers = create("register.rec"), *beats = create("heartbeat.rec");
    for (uint32_t i = 0; i < run.options.connections; i++) {
        uint32_t node = run.options.first_node + i;
        write_record(registers, bytes, rollcall_register(bytes, 1, node, unix_ms));
        write_record(beats, bytes, rollcall_heartbeat(bytes, 2, node, 1, unix_ms));
    }
    if (fclose(registers) | fclose(beats)) {
        fprintf(stderr, "load: %s: %s\n", run.options.frames, strerror(errno));
        return 1;
    }
    return 0;
}

int main(int count, char **texts) {
    signal(SIGPIPE, SIG_IGN);
    prctl(PR_SET_TIMERSLACK, 1);
    run.options = options_read(count, texts);
    if (run.options.mode == MODE_FRAMES) return write_frames();
    if (run.options.mode == MODE_HANDSHAKES) run.options.connections = run.options.in_flight;
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (run.options.connections + 64 > limit.rlim_max) {
        fprintf(stderr, "load: %u connections are more than the limit of %lu descriptors allows\n",
                run.options.connections, (unsigned long)limit.rlim_max);
        return 64;
    }
    clients_open(&run.clients, &run.options, run.options.connections);
    run.all = calloc(run.options.connections, sizeof *run.all);
    for (uint32_t i = 0; i < run.options.connections; i++) run.all[i] = (struct client){.index = i, .descriptor = -1};
    return run_all();
}
