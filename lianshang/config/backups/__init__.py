"""Backups: one archive that holds rows and files at one moment, and the way back, on either database.

`rows` writes and reads tables, `manifest` says what is inside, `archive` is the file, `making` and `restoring` are the
two commands, `targets` are the places that are restored into, `proofs` is what is checked before anything is believed.
"""
