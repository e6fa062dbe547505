"""The bugs, by the part of the protocol that they break. Each says what it breaks in a line."""
