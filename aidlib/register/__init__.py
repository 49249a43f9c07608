"""Who: registers of persons and households, read, checked, rejected with reasons, or drawn synthetically."""
