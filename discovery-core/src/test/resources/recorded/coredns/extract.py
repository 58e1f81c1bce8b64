#!/usr/bin/env python3
"""Writes the .txt files beside it from a directory of recorded CoreDNS answers: extract.py DIRECTORY

Reads DIRECTORY/index.json and DIRECTORY/timelines.txt (see README.md). The records of each answer are decoded here from
its bytes and must agree with what index.json says of them, so that an expectation made from these files rests on two
readers that are not ours.
"""

import ipaddress
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).parent
TYPES = {1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 16: "TXT", 28: "AAAA", 33: "SRV"}


def name(wire, at):
    """A name and the index behind it."""
    labels, behind = [], None
    while True:
        length = wire[at]
        if length == 0:
            return "".join(label + "." for label in labels) or ".", behind or at + 1
        if length >= 0xC0:
            behind = behind or at + 2
            at = (length & 0x3F) << 8 | wire[at + 1]
        else:
            labels.append(wire[at + 1 : at + 1 + length].decode("ascii"))
            at += 1 + length


def short(wire, at):
    return int.from_bytes(wire[at : at + 2], "big")


def data(wire, at, length, kind):
    if kind in ("A", "AAAA"):
        return str(ipaddress.ip_address(wire[at : at + length]))
    if kind in ("CNAME", "NS"):
        return name(wire, at)[0]
    if kind == "SRV":
        return "%d %d %d %s" % (short(wire, at), short(wire, at + 2), short(wire, at + 4), name(wire, at + 6)[0])
    if kind == "SOA":
        first, at = name(wire, at)
        second, at = name(wire, at)
        numbers = [int.from_bytes(wire[at + 4 * i : at + 4 * i + 4], "big") for i in range(5)]
        return " ".join([first, second] + [str(n) for n in numbers])
    raise ValueError(kind)


def sections(wire):
    """Questions as (name, class, type number); then answers, authorities, additionals as (owner, ttl, type, data)."""
    at, questions = 12, []
    for _ in range(short(wire, 4)):
        owner, at = name(wire, at)
        questions.append((owner, short(wire, at + 2), short(wire, at)))
        at += 4
    read = []
    for count in (short(wire, 6), short(wire, 8), short(wire, 10)):
        records = []
        for _ in range(count):
            owner, at = name(wire, at)
            kind, ttl, length = short(wire, at), int.from_bytes(wire[at + 4 : at + 8], "big"), short(wire, at + 8)
            if kind != 41:  # OPT
                records.append((owner, ttl, TYPES[kind], data(wire, at + 10, length, TYPES[kind])))
            at += 10 + length
        read.append(records)
    assert at == len(wire)
    return questions, read


def agrees(entry, section, records):
    said = [(r["name"], r["ttl"], r["type"], r["data"]) for r in entry[section]]
    cut = entry.get(section + "_omitted", 0)
    assert len(records) == len(said) + cut and records[: len(said)] == said, (entry["id"], section)


def text(entry):
    query, wire = entry["query"], bytes.fromhex(entry["wire_hex"])
    questions, (answers, authorities, additionals) = sections(wire)
    for section, records in (("answer", answers), ("authority", authorities), ("additional", additionals)):
        agrees(entry, section, records)
    number = re.match(re.escape(entry["group"]) + r"-(\d+)", entry["id"]).group(1)
    how = query["transport"] + ("/%d" % query["edns_udp_size"] if query["edns_udp_size"] is not None else "")
    flags = ",".join(flag for flag in entry["flags"] if flag != "qr")
    line = [number, entry["server"], query["name"], query["type"], how, entry["rcode"], flags or "-"]
    lines = [" ".join(line) + (" # " + entry["note"] if entry.get("note") else "")]
    if entry["opcode"] != "QUERY":
        lines.append("  opcode " + entry["opcode"])
    if questions != [(query["name"], 1, {v: k for k, v in TYPES.items()}[query["type"]])]:
        lines.append("  question " + (" ".join(map(str, questions[0])) if questions else "none"))
    for label, records in (("an", answers), ("au", authorities), ("ad", additionals)):
        for owner, ttl, kind, value in records:
            lines.append("  %s %s %d %s %s" % (label, "@" if owner == query["name"] else owner, ttl, kind, value))
    return "\n".join(lines + ["  wire " + entry["wire_hex"]])


def main():
    source = pathlib.Path(sys.argv[1])
    groups = {}
    for entry in json.loads((source / "index.json").read_text()):
        if entry["query"]["type"] in ("A", "AAAA", "SRV") and entry.get("wire_hex"):
            groups.setdefault(entry["group"], []).append(text(entry))
    for group, entries in groups.items():
        (HERE / (group + ".txt")).write_text("\n\n".join(entries) + "\n")
    (HERE / "timelines.txt").write_text((source / "timelines.txt").read_text())
    print(sum(map(len, groups.values())), "answers in", len(groups), "groups")


if __name__ == "__main__":
    main()
