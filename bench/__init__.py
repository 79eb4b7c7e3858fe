"""Measurements, one module each: `./run bench NAME`. Not part of the product, and not run by the tests."""
