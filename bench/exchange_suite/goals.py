"""The ratios that the library is held to."""
import dataclasses
import statistics

JUDGED_CONNECTIONS = 64


@dataclasses.dataclass
class Goal:
    title: str
    client: str
    base: str
    limit: float
    at_least: bool = False


GOALS = [
    Goal("allot's library over wrk, which decodes nothing", "allot", "wrk", 1.15),
    Goal("allot's library over the bare SSL_write/SSL_read loop", "allot", "bare", 1.4),
    Goal("libcurl multi with Boost.JSON over allot's library", "libcurl", "allot", 2.8, at_least=True),
    Goal("undici with JSON.parse over allot's library", "undici", "allot", 2.6, at_least=True),
    Goal("msgraph-beta-sdk for TypeScript over allot's library", "msgraph-ts", "allot", 10, at_least=True),
    Goal("msgraph-beta-sdk for Go over allot's library", "msgraph-go", "allot", 10, at_least=True),
    Goal("$batch of 20, an item over a single GET", "batch", "allot", 0.35),
    Goal("allot audit with NDJSON output over allot's library", "audit", "allot", 1.5),
    Goal("allot's library over the same without gate and retries", "allot", "loop", 1.05),
]


@dataclasses.dataclass
class Judged:
    goal: Goal
    ratios: list

    @property
    def title(self):
        return self.goal.title

    @property
    def goal_text(self):
        return f"{'>=' if self.goal.at_least else '<='} {self.goal.limit:g}"

    @property
    def met(self):
        median = statistics.median(self.ratios)
        return median >= self.goal.limit if self.goal.at_least else median <= self.goal.limit


def ratios(runs, client, base, connections):
    """CPU per allotment of a client over another's, one ratio for each round that has both."""
    def by_round(name):
        return {run["round"]: run["cpu_us"] for run in runs
                if run["client"] == name and run["connections"] == connections}
    ours, theirs = by_round(client), by_round(base)
    return [ours[number] / theirs[number] for number in ours if number in theirs]


def judge(runs):
    judged = [Judged(goal, ratios(runs, goal.client, goal.base, JUDGED_CONNECTIONS)) for goal in GOALS]
    return [each for each in judged if each.ratios]


def as_rows(runs):
    return [{"figure": each.title, "goal": each.goal_text, "median": round(statistics.median(each.ratios), 4),
             "least": round(min(each.ratios), 4), "most": round(max(each.ratios), 4), "met": each.met}
            for each in judge(runs)]
