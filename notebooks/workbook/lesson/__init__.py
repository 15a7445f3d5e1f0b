"""What a cell says to its reader: claims, guesses, tables, shown code, commands, and what the machine is."""
