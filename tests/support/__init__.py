# SPDX-License-Identifier: MIT
"""What the Python tests share: a daemon to test against, a recording relay, and programs driven over pipes."""
