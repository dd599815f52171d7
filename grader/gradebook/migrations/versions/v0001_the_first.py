"""Students, submissions, runs and reports."""

import sqlalchemy as sa
from alembic import op

from grader.gradebook.tables import Instant, Words

revision = "0001"
down_revision = None

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "students",
        sa.Column("id", Words, nullable=False),
        sa.Column("name", Words, nullable=False),
        sa.Column("email", Words, nullable=False),
        sa.Column("columns", Words, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_students"),
    )
    op.create_table(
        "runs",
        sa.Column("id", Words, nullable=False),
        sa.Column("started", Instant, nullable=False),
        sa.Column("finished", Instant),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("isolation", sa.Integer, nullable=False),
        sa.Column("versions", Words, nullable=False),
        sa.Column("keys", Words, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_table(
        "submissions",
        sa.Column("id", Id, nullable=False),
        sa.Column("student", Words, nullable=False),
        sa.Column("exercise", Words, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("digest", Words, nullable=False),
        sa.Column("source", Words, nullable=False),
        sa.Column("submitted", Instant),
        sa.Column("late", sa.Boolean),
        sa.Column("seen", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_submissions"),
        sa.ForeignKeyConstraint(["student"], ["students.id"], name="fk_submissions_student"),
        sa.UniqueConstraint(
            "student",
            "exercise",
            "number",
            "digest",
            name="uq_submissions_student_exercise_number_digest",
        ),
    )
    op.create_index("ix_submissions_exercise_student", "submissions", ["exercise", "student"])
    op.create_table(
        "reports",
        sa.Column("id", Id, nullable=False),
        sa.Column("student", Words, nullable=False),
        sa.Column("exercise", Words, nullable=False),
        sa.Column("digest", Words, nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("grading", Words, nullable=False),
        sa.Column("run", Words, nullable=False),
        sa.Column("made", Instant, nullable=False),
        sa.Column("status", Words, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("max_score", sa.Float, nullable=False),
        sa.Column("document", Words, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
        sa.ForeignKeyConstraint(["student"], ["students.id"], name="fk_reports_student"),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name="fk_reports_run"),
        sa.UniqueConstraint(
            "student",
            "exercise",
            "digest",
            "seed",
            "grading",
            name="uq_reports_student_exercise_digest_seed_grading",
        ),
    )
