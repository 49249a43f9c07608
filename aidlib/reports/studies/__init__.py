"""Research studies: each module reads, computes, draws and words one notebook of notebooks/research."""
