"""What is remembered of a siege: labelled daily quantities, their summaries, fingerprints."""
