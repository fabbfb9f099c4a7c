"""Explanation (个案说明): one enterprise told from tables at hand, which `recommend.explanation` computes.

Nothing is imported here, and no module of this room loads more than the table library: an enterprise of a
workspace is told from kept results in less time than the engine takes to start.
"""
