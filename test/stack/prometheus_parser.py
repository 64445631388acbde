"""Prometheus' own Python parser: reads the text format from stdin, prints its families as JSON.

    python prometheus_parser.py < metrics.txt
"""

import json
import sys

from prometheus_client.parser import text_string_to_metric_families

# As bytes: reading text would turn a carriage return in a label into a line break.
text = sys.stdin.buffer.read().decode("utf-8")
families = [
    {
        "name": family.name,
        "type": family.type,
        "help": family.documentation,
        "samples": [[one.name, one.labels, repr(one.value)] for one in family.samples],
    }
    for family in text_string_to_metric_families(text)
]
json.dump(families, sys.stdout)
