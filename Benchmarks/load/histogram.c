#include "histogram.h"

static int bucket_of(uint64_t value) {
    if (value < (2u << HISTOGRAM_STEPS_LOG2)) return (int)value;
    int shift = 63 - __builtin_clzll(value) - HISTOGRAM_STEPS_LOG2;
    return ((shift + 1) << HISTOGRAM_STEPS_LOG2) + (int)((value >> shift) - (1u << HISTOGRAM_STEPS_LOG2));
}

// The middle of a bucket.
static uint64_t value_of(int bucket) {
    if (bucket < (2 << HISTOGRAM_STEPS_LOG2)) return (uint64_t)bucket;
    int shift = (bucket >> HISTOGRAM_STEPS_LOG2) - 1;
    uint64_t step = (uint64_t)(bucket & ((1 << HISTOGRAM_STEPS_LOG2) - 1)) + (1u << HISTOGRAM_STEPS_LOG2);
    return (step << shift) + ((1ull << shift) >> 1);
}

void histogram_add(struct histogram *h, uint64_t nanoseconds) {
    h->buckets[bucket_of(nanoseconds)]++;
    h->count++;
    h->sum += (double)nanoseconds;
    if (nanoseconds > h->max) h->max = nanoseconds;
}

double histogram_quantile(const struct histogram *h, double share) {
    if (h->count == 0) return 0;
    uint64_t rank = (uint64_t)(share * (double)h->count), seen = 0;
    if (rank >= h->count) rank = h->count - 1;
    for (int bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++) {
        seen += h->buckets[bucket];
        if (seen > rank) {
            uint64_t value = value_of(bucket);
            return (double)(value < h->max ? value : h->max);
        }
    }
    return (double)h->max;
}

void histogram_write_json(const struct histogram *h, const char *name, FILE *out) {
    static const struct { const char *name; double share; } shares[] = {
        {"p10", 0.1}, {"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p999", 0.999}, {"p9999", 0.9999},
    };
    fprintf(out, "\"%s\": {\"count\": %lu, \"mean_us\": %.2f", name, (unsigned long)h->count,
            h->count ? h->sum / (double)h->count / 1e3 : 0);
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++)
        fprintf(out, ", \"%s_us\": %.2f", shares[i].name, histogram_quantile(h, shares[i].share) / 1e3);
    fprintf(out, ", \"max_us\": %.2f}", (double)h->max / 1e3);
}
