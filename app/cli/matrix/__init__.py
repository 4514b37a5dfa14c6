"""The matrix: what can be read from and written to each provider, derived from its declarations.

`grids` derives it, `terminal` and `page` show the same to people at a terminal and in the documentation,
`detail` shows one provider in full.
"""
