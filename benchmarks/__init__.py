"""How fast Medvind is, next to a plain way of doing the same and to the database's own limit."""
