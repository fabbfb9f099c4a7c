"""数据字典: the descriptions of tables (`coverage_engine.model.tables`) at work.

table_files       a table written as CSV and Parquet
division_limits   the rows that `--division` leaves of each table
dictionary_page   字典: the page and the file that say what each table and column means
reference_page    the same of all tables as a page of the documentation

Nothing here knows how a table came about.
"""
