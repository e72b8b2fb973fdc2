"""The parts of the command line: progress on the terminal, opening of parts, groups of commands."""
