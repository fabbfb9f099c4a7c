"""Delivery: what a command hands over appears whole or not at all, and touches nobody else's files.

A command writes into an empty folder aside; at the end, what it wrote takes the place of what the same
command wrote before. Files
that a manifest of ours lists, with unchanged content, are replaced; a listed file that a person has edited is
moved into a dated folder; all else stays where it is, and stops the delivery where it stands in the way.

    manifest   which files are ours, by command, with their hashes
    standing   what lies in a folder: ours, edited, somebody's
    switch     former files away, new ones in, with a record from which a killed switch is undone or ended
"""

from coverage_engine.delivery.delivering import Delivery, deliver, deliver_file, see_replaceable
from coverage_engine.delivery.manifest import MANIFEST, SAMPLE_MANIFEST
from coverage_engine.delivery.switch import NEW

__all__ = ["MANIFEST", "NEW", "SAMPLE_MANIFEST", "Delivery", "deliver", "deliver_file", "see_replaceable"]
