"""The pieces of the counter. Each shows what it is told and reports what was pressed; none
knows the node or decides anything.
"""
