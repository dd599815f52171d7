"""Reports: the only place that knows words, colour and formats."""
