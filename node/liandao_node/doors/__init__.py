"""Where others than peers enter a node: app, registers, plugins.

A door checks who knocks, bounds what he may ask, and hands valid requests to the
`NodeService`. It decides nothing about money.
"""
