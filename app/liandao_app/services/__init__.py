"""What the counter does, without a window: no Qt here, only trio and the `Node` protocol."""
