"""Studies: what the research notebooks compute on top of the other rooms, as data; a module a topic, named on the public face."""
