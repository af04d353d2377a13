"""Colours that those who see red and green alike can tell apart.

References
----------
Okabe, M. and Ito, K. (2008). Color universal design. https://jfly.uni-koeln.de/color/
Tol, P. Colour schemes (wine). https://personal.sron.nl/~pault/
"""

ORANGE = "#E69F00"
SKY = "#56B4E9"
GREEN = "#009E73"
BLUE = "#0072B2"
VERMILION = "#D55E00"
PURPLE = "#CC79A7"
GREY = "#999999"
YELLOW = "#F0E442"
BROWN = "#7A3B00"
NAVY = "#003C5F"
BLACK = "#222222"
WINE = "#882255"
