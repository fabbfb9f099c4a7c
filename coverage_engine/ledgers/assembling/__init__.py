"""Assembling: what the rows of all ledgers say of firms, put together and checked."""
