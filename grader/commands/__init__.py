"""The instructor's commands, one module each. `cli` imports a module only when its command is
named or help is shown: a learner does not wait for them."""

from __future__ import annotations

EXTRAS = {
    "sqlalchemy": "instructor",
    "alembic": "instructor",
    "rapidfuzz": "instructor",
    "yaml": "instructor",
    "psycopg": "postgres",
    "pyarrow": "parquet",
    "dask": "cluster",
    "distributed": "cluster",
    "numba": "cuda",
    "greenlet": "cuda",
}
"""The extra of this package that brings a module; named when the module is not there."""
