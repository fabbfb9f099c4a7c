"""Explanation (个案说明): why one enterprise stands as it does, and why it has a duty.

    judgements    computes the tables that enterprises are explained from
    explaining    the flow: of a snapshot, or of a workspace, where these tables are stored
    telling       draws one enterprise from them, as the plain values of `explained`
    lines, page   what is drawn, as text and as a page for print
    trace         a duty as a tree of facts, cells and clauses

Nothing is imported here, and of its modules only `judgements` and `trace` load more than the table library:
an enterprise of a workspace is explained from stored tables in less time than the engine takes to start.
"""
