"""Read the published copy with pandas and Polars; each part can be a notebook cell.

Example: .venv/notebook/bin/python examples/notebook.py kiro_published.duckdb
"""

import sys

import duckdb
import polars as pl

database = sys.argv[1] if len(sys.argv) > 1 else "kiro_published.duckdb"
# Read-only, so other readers and the next build are not blocked.
connection = duckdb.connect(database, read_only=True)

# --- pandas: seats by state -----------------------------------------------------------------------
seats = connection.sql("from license_utilization").df()
states = (
    seats.groupby("seat_state")
    .agg(seats=("user_id", "size"), reclaimable=("is_reclaimable", "sum"))
    .sort_values("seats", ascending=False)
)
print(states)

# --- Polars: messages by month and model ----------------------------------------------------------
messages = connection.sql("from model_mix_daily").pl()
models = (
    messages.group_by(pl.col("activity_date").dt.truncate("1mo").alias("month"), "model")
    .agg(pl.col("messages").sum())
    .with_columns(message_share=pl.col("messages") / pl.col("messages").sum().over("month"))
    .sort("month", "messages", "model", descending=[True, True, False])
)
print(models)

# --- Decimals: seat costs, to the cent ------------------------------------------------------------
costs = connection.sql("from chargeback_monthly").pl()
print(costs.group_by("usage_month").agg(pl.col("total_cost_usd").sum()).sort("usage_month"))
