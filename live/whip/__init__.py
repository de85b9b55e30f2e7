"""Classes through a separate media server with WHIP and WHEP: an optional engine."""
