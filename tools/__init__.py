"""Programs for building DemixME; none of them is part of it."""
