"""The directory of people.

identity_store  who is in IAM Identity Center
"""
