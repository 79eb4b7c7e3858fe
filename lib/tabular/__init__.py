"""Tables as offices hand them over: read safely, understood by their titles, cleaned cell by cell, written back.

``reading`` opens a file of any kind in a child process, ``layout`` finds header and columns, ``roster``
judges a list of people row by row, ``writing`` makes templates and returns the rows that were not taken.
"""
