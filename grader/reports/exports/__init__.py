"""What other systems read: results in, one module per format out.

Writers take `Graded` one after the other, all of a student together, and keep none of them, but
for those that must see a class whole before they write (see marks.py).
"""

from __future__ import annotations

FORMATS = (
    "canvas",
    "moodle",
    "gradescope",
    "junit",
    "classroom50",
    "github-classroom",
    "github-classroom-env",
    "csv",
    "parquet",
    "jsonl",
)
