"""Small libraries without tables of their own; everything may import them, they import no app."""
