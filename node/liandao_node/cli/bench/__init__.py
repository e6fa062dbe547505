"""The parts of ``liandao bench``: load, meters, calibration, cases, figures."""
