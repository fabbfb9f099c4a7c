"""Tables as their descriptions say (`coverage_engine.model.tables`): written, limited, explained.

table_files       a table as CSV and Parquet
division_limits   the rows that `--division` leaves of each table
dictionary        字典: the page and the file that say what each table and column means
reference         the same of all tables as a page of the documentation
"""
