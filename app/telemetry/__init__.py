"""What the service tells those who run it: lines of the log, metrics, traces."""
