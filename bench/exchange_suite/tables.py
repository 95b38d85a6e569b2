"""The results as Markdown: ratios first, then what they are made of."""
import statistics

import goals


def spread(values, digits):
    middle, least, most = statistics.median(values), min(values), max(values)
    if least == most:
        return f"{middle:.{digits}f}"
    return f"{middle:.{digits}f} ({least:.{digits}f}-{most:.{digits}f})"


def values_of(runs, client, connections, name):
    return [run[name] for run in runs if run["client"] == client and run["connections"] == connections]


def table(head, rows):
    lines = [head, ["-"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def ratio_table(runs, clients, connections, base):
    rows = []
    for client in clients:
        cells = [spread(goals.ratios(runs, client.name, base, each), 2) if goals.ratios(runs, client.name, base, each)
                 else "-" for each in connections]
        rows.append([client.title, *cells])
    return table(["client", *(f"{each} connections" if each > 1 else "1 connection" for each in connections)], rows)


def figure_table(runs, clients, connections):
    rows = []
    for client in clients:
        def taken(name):
            return values_of(runs, client.name, connections, name)
        if not taken("cpu_us"):
            continue
        rows.append([
            client.title, spread(taken("cpu_us"), 1), f"{statistics.median(taken('user_us')):.1f}",
            f"{statistics.median(taken('system_us')):.1f}", spread(taken("answers_per_s"), 0),
            f"{statistics.median(taken('peak_mib')):.0f}", f"{statistics.median(taken('client_share')):.0%}",
            f"{statistics.median(taken('server_share')):.0%}"])
    return table(["client", "us CPU per allotment", "user", "system", "allotments/s", "peak MiB", "client busy",
                  "server busy"], rows)


def notes(clients, missing, conditions):
    lines = ["; ".join(filter(None, [f"- {client.title}: {client.version()}", client.note,
                                     client.warm_up and f"a warm-up of {client.warm_up} s"])) for client in clients]
    lines += [f"- without {name}: {why}" for name, why in missing.items()]
    server = (f"nginx {conditions['nginx']} on core {conditions['server_core']}, each client on core "
              f"{conditions['client_core']}; TLS {conditions['tls']}, an answer of {conditions['answer_bytes']} bytes")
    machine = (f"{conditions['processor']}, {conditions['cores']} cores, Linux {conditions['kernel']}, {conditions['system']}; "
               f"load {conditions['load_at_start'][0]} at the start, {conditions['load_at_end'][0]} at the end")
    runs = (f"{conditions['rounds']} rounds by turns, {conditions['seconds']:g} s each after a warm-up of "
            f"{conditions['warm_up']:g} s, {conditions['date']}")
    return "\n".join([f"{runs}.", f"{server}.", f"{machine}.", "", *lines])


def text(runs, clients, missing, conditions):
    connections = sorted({run["connections"] for run in runs})
    names = [client.name for client in clients]
    parts = []
    judged = goals.judge(runs)
    if judged:
        rows = [[each.title, each.goal_text, spread(each.ratios, 3), "yes" if each.met else "**no**"] for each in judged]
        parts += ["Client CPU per allotment at 64 connections, as ratios of one round:\n",
                  table(["figure", "goal", "median (least-most)", "met"], rows)]
    for base in ("wrk", "allot"):
        if base in names:
            title = next(client.title for client in clients if client.name == base)
            parts += [f"\nClient CPU per allotment over that of {title}:\n", ratio_table(runs, clients, connections, base)]
    for each in connections:
        parts += [f"\n{each} connection{'s' if each > 1 else ''}:\n", figure_table(runs, clients, each)]
    return "\n".join([*parts, "\nConditions:\n", notes(clients, missing, conditions)])
