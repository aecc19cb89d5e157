"""Tools for programs and assistants: what they may ask, in what form, and how it is answered."""
