"""``shopbell doctor``: what is wrong with the box and its surroundings, and what to do."""
