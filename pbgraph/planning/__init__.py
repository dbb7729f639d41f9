"""Findings and rules to proposals that satisfy the rules.

The room for `plan(network)`: which units could form a joint branch, who could be sent where.
It stands between the analyses, whose findings it takes, and the rendering of its proposals.
"""
