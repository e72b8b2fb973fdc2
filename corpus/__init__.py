"""Plan files to plans and items. Knows no vectors and no models."""
