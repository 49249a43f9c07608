"""The fleet: runs notebooks and says what became of them. It knows the ground and a page's record, nothing else."""
