"""A body's own notice before it recommends: its days, and a file that proves it (R3.07)."""
