"""Search engines for vectors and for words, each behind one small interface."""
