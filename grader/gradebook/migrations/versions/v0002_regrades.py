"""What was graded again is told from what was there, so that it can go on."""

import sqlalchemy as sa
from alembic import op

from grader.gradebook.tables import Words

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("runs", sa.Column("regrade", Words))
