"""The commands of `aidlib`: thin ways into the rooms, each imported only when it is called."""
