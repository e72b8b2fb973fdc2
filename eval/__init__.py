"""Questions, measures, runs and reports."""
