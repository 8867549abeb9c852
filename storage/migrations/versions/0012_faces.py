"""Faces: whether they stood beside the words of a question when it was answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it."""
    mode = "faces: a face stood beside each point. NULL: words alone."
    op.add_column("answer", sa.Column("mode", sa.String(length=20), comment=mode))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("answer", "mode")
