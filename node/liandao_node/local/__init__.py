"""What both ends of the local API share: where it is found, how frames are cut.

The node's side is `liandao_node.doors.local`, the other side `liandao_node.client`; the
messages themselves are in `liandao_node.wire.api`.
"""
