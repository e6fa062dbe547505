"""The counter of Liandao: the window where a shop sells, a client of its node.

See docs/counter.md. Started by ``python -m liandao_app`` or ``liandao run``.
"""
