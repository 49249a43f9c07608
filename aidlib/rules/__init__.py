"""What each household is due: one file per programme, small pure functions of named quantities; the engine orders and evaluates them."""
