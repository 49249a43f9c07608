"""How well the work was done: adequacy, coverage, targeting, impact and the official scorecard."""
