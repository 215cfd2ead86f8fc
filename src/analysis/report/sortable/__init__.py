"""Tables that a reader sorts and filters in the page, without a library and without the network."""
