"""Price linkage: whether a month starts payment, what each group is due, and the index it rests on."""
