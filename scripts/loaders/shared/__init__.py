"""What the loaders share.

sources  what to read, from sources.toml or flags
aws      how AWS is reached: sessions, roles, endpoints
advice   what to do about an error
options  options, the choice of sources, the lock
"""
