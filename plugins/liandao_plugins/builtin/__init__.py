"""Liandao's own edge features, as plugins: they import `liandao_plugins.api` and nothing else."""
