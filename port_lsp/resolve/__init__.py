"""Across files, for both sides: the routing tree's one evaluator, reachability."""
