"""Modules shared by the loaders.

sources  what to read, from sources.toml or options
aws      access to AWS: sessions, roles, endpoints
advice   what to do about errors
options  command-line options, choice of sources, lock
"""
