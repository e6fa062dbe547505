"""The demo: a street of shops on this machine does its main job on real input."""
