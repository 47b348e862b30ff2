"""Repeat a draw of Skillstar: python recompute_draw.py draw.json (needs nothing but Python)."""

import hashlib
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    record = json.load(file)


def sha(text):
    """Return the SHA-256 of a text in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


# 1. The secret is the one to which the server committed before any figure was said.
committed = sha(record["secret"]) == record["commitment"]

# 2. The seed comes from the secret and from the figures said aloud.
seed = sha(record["secret"] + ":" + record["spoken"])

# 3. Everybody stands in the order of SHA-256(seed:number).
group = {key: group if record["spread"] else "" for key, group in record["tickets"]}
keys = sorted(group, key=lambda key: sha(seed + ":" + key))
slots = record["slots"]

# 4. Employers are kept apart, where the draw was held so.
if record["kind"] == "paper":
    paper = min(slots, key=lambda slot: sha(seed + ":" + slot))
    outcome = {key: paper for key in keys}
elif record["kind"] == "batch":
    first = {}
    for place, key in enumerate(keys):
        first.setdefault(group[key] or key, place)
    keys.sort(key=lambda key: first[group[key] or key])
    outcome = {key: slots[place % len(slots)] for place, key in enumerate(keys)}
else:
    outcome, left, last = {}, list(keys), ""
    for slot in slots[: len(keys)]:
        free = [key for key in left if not last or group[key] != last]
        names = [group[key] for key in left]
        urgent = [key for key in free if group[key] and names.count(group[key]) * 2 > len(left)]
        key = (urgent or free or left)[0]
        outcome[key], last = slot, group[key]
        left.remove(key)

for key in sorted(outcome):
    print(key, outcome[key])
if committed and outcome == record["outcome"]:
    print("OK: the draw is the one that was published")
else:
    print("DIFFERENT" if committed else "DIFFERENT: the secret is not the one that was promised")
    sys.exit(1)
