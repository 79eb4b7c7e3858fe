"""The lists of the closed loop: per list its rows, filters and columns."""
