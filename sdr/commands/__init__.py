"""The words of the `sdr` command, one file per section of its contract; each calls the verbs the screens call."""
