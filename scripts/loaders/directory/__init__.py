"""Modules for the directory.

identity_store  reads users and groups from IAM Identity Center
"""
