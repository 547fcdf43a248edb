"""What a run costs: its metrics, dated prices, and the designs it is compared with. Pure; nothing here calls AWS."""
