"""Model: the plain frozen values that flow between the rooms, and the tables that they are made of."""
