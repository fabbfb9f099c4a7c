"""Letters: notices, letters, founding forms, circular draft and city brief of a plan as Word documents.

Texts are content in `reports/letters.toml`, the page follows GB/T 9704-2012; python-docx and docxtpl (the
extra `letters`) are imported only when a document is written.
"""

from coverage_engine.reporting.letters.writing import LetterOptions, write_letter_templates, write_letters

__all__ = ["LetterOptions", "write_letter_templates", "write_letters"]
