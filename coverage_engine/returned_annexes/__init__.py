"""Returns: annexes that counties filled in, read back: what changed, into the snapshot, and rolled up.

Enter once: what a county writes into an annex changes the facts (`apply_changes`) or is kept for the next
printing (`accepted_texts`); nothing else is taken, and what is not taken is told.
"""

from coverage_engine.returned_annexes.applying import accepted_texts, apply_changes
from coverage_engine.returned_annexes.comparing import AnnexReturn, compare_return
from coverage_engine.returned_annexes.preview import write_preview
from coverage_engine.returned_annexes.reading import returned_files
from coverage_engine.returned_annexes.rolling_up import RollUp, roll_up, write_roll_up

__all__ = [
    "AnnexReturn",
    "RollUp",
    "accepted_texts",
    "apply_changes",
    "compare_return",
    "returned_files",
    "roll_up",
    "write_preview",
    "write_roll_up",
]
