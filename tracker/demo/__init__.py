"""An invented archipelago: something to look at where no real evidence has been entered yet."""
