// Latencies without keeping each: 64 linear steps for each power of two, so that a value is off by 1.6 % at most.
#pragma once
#include <stdint.h>
#include <stdio.h>

enum { HISTOGRAM_STEPS_LOG2 = 6, HISTOGRAM_BUCKETS = (64 - HISTOGRAM_STEPS_LOG2 + 1) << HISTOGRAM_STEPS_LOG2 };

struct histogram {
    uint64_t buckets[HISTOGRAM_BUCKETS];
    uint64_t count, max;
    double sum;
};

void histogram_add(struct histogram *h, uint64_t nanoseconds);
// The value that a share of all values does not exceed, in nanoseconds; 0 without values.
double histogram_quantile(const struct histogram *h, double share);
// Writes `"NAME": {"count": …, "mean_us": …, "p50_us": …, …}`.
void histogram_write_json(const struct histogram *h, const char *name, FILE *out);
