"""Packaged data: platform profiles, lexicons and demo stores."""
