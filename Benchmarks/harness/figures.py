"""Medians, spreads, and ratios of pairs."""
import statistics


def summary(values):
    values = sorted(values)
    return {"median": statistics.median(values), "least": values[0], "most": values[-1], "runs": len(values)}


def ratios(ours, theirs):
    """Of runs that were made side by side: what drifts with the machine falls out."""
    return summary([a / b for a, b in zip(ours, theirs)])


def alternate(rounds, *measures):
    """Calls each measure once a round, the first one first in even rounds and last in odd ones. Returns their results."""
    results = [[] for _ in measures]
    for turn in range(rounds):
        order = list(range(len(measures)))
        for which in order if turn % 2 == 0 else reversed(order):
            results[which].append(measures[which]())
    return results
