"""What is done to placements: commands, gates, alerts, the sweep, replay. The only room that writes."""
