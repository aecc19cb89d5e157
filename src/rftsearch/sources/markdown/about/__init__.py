"""What a list says of itself: its name, what it collects, its address, licence and date."""
