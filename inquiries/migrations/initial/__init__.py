"""What the first migration makes besides the tables of the models: frozen, as it was shipped."""
